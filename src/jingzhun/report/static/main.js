// Starts the page: language, map, lists, charts, and the list of contents.
function start() {
  root.classList.add("scripted");
  if (map && shapeOf.size && data.measures.length) startMap();
  startCharts();
  for (const details of document.querySelectorAll("#where > details.figures, #places details.figures, #first > details.figures")) details.open = false;
  onChange((what) => {
    if ("lang" in what || "measure" in what) drawMap();
    if ("lang" in what && map) drawNames();
    if ("lang" in what || "measure" in what) drawRanking();
    if ("lang" in what || "area" in what) { drawCounty(); drawTownships(); outline(state.area); }
    if ("lang" in what) drawCharts();
  });
  for (const input of document.querySelectorAll(".lang-choice")) input.addEventListener("change", () => change({ lang: input.value }));
  for (const input of document.querySelectorAll("#measures input")) input.addEventListener("change", () => change({ measure: input.value }));
  search.addEventListener("input", drawRanking);
  document.getElementById("print").addEventListener("click", () => print());
  addEventListener("hashchange", () => { const next = fromAddress(); Object.assign(state, next); apply(next); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawCharts);
  startContents();
  const first = fromAddress();
  const areas = Object.keys(data.counties);
  if (areas.length === 1) first.area = areas[0];
  Object.assign(state, first);
  for (const input of document.querySelectorAll("#measures input")) input.checked = input.value === state.measure;
  apply(first);
  if (state.area && map && shapeOf.has(state.area)) setView(around(state.area));
}

/** Links of the contents scroll without losing the state in the address; the present section is marked. */
function startContents() {
  const links = new Map([...document.querySelectorAll(".contents a")].map((link) => [link.hash.slice(1), link]));
  for (const [id, link] of links) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const section = document.getElementById(id);
      section.scrollIntoView({ behavior: still.matches ? "auto" : "smooth" });
      section.querySelector("h2").setAttribute("tabindex", "-1");
      section.querySelector("h2").focus({ preventScroll: true });
    });
  }
  const mark = (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => {
    for (const [id, link] of links) {
      if (id === entry.target.id) {
        link.setAttribute("aria-current", "true");
        const list = link.closest("ol");
        if (list.scrollWidth > list.clientWidth) list.scrollTo({ left: link.offsetLeft - 40 });
      } else link.removeAttribute("aria-current");
    }
  });
  const watch = new IntersectionObserver(mark, { rootMargin: "-15% 0px -75% 0px" });
  for (const id of links.keys()) watch.observe(document.getElementById(id));
}

start();
