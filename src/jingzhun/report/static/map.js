// The county map: colours by measure, tooltips, zoom, and the keyboard.
const map = document.getElementById("map");
const shapes = map ? [...map.querySelectorAll(".shapes path")] : [];
const shapeOf = new Map(shapes.filter((path) => path.dataset.code).map((path) => [path.dataset.code, path]));
const tip = document.getElementById("tip");
const still = matchMedia("(prefers-reduced-motion: reduce)");
const measureNow = () => data.measures.find((measure) => measure.id === state.measure);
const valueOf = (code) => measureNow().values[code];
const boxOf = (path) => path.dataset.box.split(",").map(Number);

/** A value of the measure as people read it. */
function measured(value, measure = measureNow()) {
  return measure.rate ? percent(value) : count(value, Number.isInteger(value) ? 0 : 1);
}

function toneOf(value, measure = measureNow()) {
  if (isHidden(value)) return "qh";
  return isNumber(value) ? `q${measure.limits.filter((limit) => value >= limit).length}` : "qn";
}

function drawMap() {
  const measure = measureNow();
  if (!map || !measure) return;
  for (const [code, path] of shapeOf) {
    path.setAttribute("class", toneOf(measure.values[code], measure));
    path.setAttribute("aria-label", `${label(data.counties[code].name)}${colon()}${spoken(measure.values[code])}`);
  }
  document.getElementById("map-unit").textContent = label(measure.unit);
  drawLegend(measure);
}

const spoken = (value) => (isHidden(value) ? say("hidden") : isNumber(value) ? measured(value) : say("not_known"));

function drawLegend(measure) {
  const read = (limit) => (measure.rate ? `${+(100 * limit).toFixed(2)}%` : count(limit, Number.isInteger(limit) ? 0 : 1));
  const items = [];
  for (let i = 0; i <= measure.limits.length; i += 1) {
    const low = measure.limits[i - 1];
    const high = measure.limits[i];
    items.push([`q${i}`, low === undefined ? `< ${read(high)}` : high === undefined ? `≥ ${read(low)}` : `${read(low)} – ${read(high)}`]);
  }
  const values = Object.values(measure.values);
  if (values.some(isHidden)) items.push(["qh", say("legend_hidden")]);
  if (values.some((value) => value === null) || shapes.length > shapeOf.size) items.push(["qn", say("legend_none")]);
  document.getElementById("legend").replaceChildren(...items.map(([tone, text]) => legendItem(tone, text)));
}

function legendItem(tone, text) {
  const space = "http://www.w3.org/2000/svg";
  const box = document.createElementNS(space, "svg");
  box.setAttribute("viewBox", tone === "qh" ? "0 0 110 80" : "0 0 11 8");
  box.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", "M0,0h110v80h-110z");
  path.setAttribute("class", tone);
  box.append(path);
  return el("li", {}, box, text);
}

function showTip(code, x, y) {
  const county = data.counties[code];
  tip.replaceChildren(
    el("strong", {}, label(county.name)),
    `${label(county.prefecture)}`,
    el("br"),
    `${label(measureNow().label)}${colon()}${spoken(valueOf(code))}`,
    el("br"),
    `${say("m_poor")}${colon()}${spoken2(county.poor)}`,
  );
  tip.hidden = false;
  const box = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(6, Math.min(x + 16, innerWidth - box.width - 6))}px`;
  tip.style.top = `${y + 18 + box.height > innerHeight ? y - box.height - 10 : y + 18}px`;
}

const spoken2 = (value) => (isHidden(value) ? say("hidden") : count(value));
const hideTip = () => { tip.hidden = true; };

/** Draws the outline of the chosen or focused county above its neighbours. */
function outline(code, focused = false) {
  if (!map) return;
  const line = document.getElementById("chosen");
  const path = shapeOf.get(code);
  line.setAttribute("d", path ? path.getAttribute("d") : "");
  line.classList.toggle("focus", focused);
}

/** The next county in a direction: the nearest whose middle lies that way. */
function neighbour(path, dx, dy) {
  const middle = (p) => { const b = boxOf(p); return [(b[0] + b[2]) / 2, (b[1] + b[3]) / 2]; };
  const [x, y] = middle(path);
  let best = null;
  for (const other of shapeOf.values()) {
    if (other === path) continue;
    const [ox, oy] = middle(other);
    const along = (ox - x) * dx + (oy - y) * dy;
    const across = Math.abs((ox - x) * dy) + Math.abs((oy - y) * dx);
    if (along > 0 && across <= along * 2 && (!best || along + 2 * across < best.far)) best = { other, far: along + 2 * across };
  }
  return best && best.other;
}

/** One county of the map is a stop of the tab key; arrows move it. */
function stop(path) {
  for (const other of shapeOf.values()) other.setAttribute("tabindex", other === path ? "0" : "-1");
}

const view = { x: 0, y: 0, width: 0, height: 0 };
let whole = null;

function setView(box) {
  Object.assign(view, box);
  map.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${view.height}`);
  const near = view.width < whole.width * 0.98;
  map.classList.toggle("zoomed", near);
  if (near) sizeNames();
}

/** Moves the view to a box, at once where motion is unwanted. */
function fly(box) {
  const from = { ...view };
  if (still.matches) { setView(box); return; }
  const start = performance.now();
  const step = (now) => {
    const part = Math.min(1, (now - start) / 280);
    const eased = part * (2 - part);
    const mixed = {};
    for (const key of Object.keys(view)) mixed[key] = from[key] + (box[key] - from[key]) * eased;
    setView(mixed);
    if (part < 1) requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}

/** The view of the prefecture around a county, with the proportions of the whole map. */
function around(code) {
  const boxes = [...shapeOf].filter(([other]) => other.slice(0, 4) === code.slice(0, 4)).map(([, path]) => boxOf(path));
  if (!boxes.length) return whole;
  const left = Math.min(...boxes.map((b) => b[0])), top = Math.min(...boxes.map((b) => b[1]));
  const right = Math.max(...boxes.map((b) => b[2])), bottom = Math.max(...boxes.map((b) => b[3]));
  const width = Math.min(whole.width, Math.max((right - left) * 1.35, ((bottom - top) * 1.35 * whole.width) / whole.height, whole.width / 8));
  return centred((left + right) / 2, (top + bottom) / 2, width);
}

function centred(x, y, width) {
  const height = (width * whole.height) / whole.width;
  return { x: x - width / 2, y: y - height / 2, width, height };
}

function zoom(factor) {
  const width = Math.min(whole.width, view.width * factor);
  fly(width >= whole.width * 0.98 ? whole : centred(view.x + view.width / 2, view.y + view.height / 2, width));
}

/** Names of counties for the near view; the script sizes them so that they stay as large as the page's text. */
function drawNames() {
  const space = "http://www.w3.org/2000/svg";
  const names = [...shapeOf].map(([code, path]) => {
    const [x, y] = path.dataset.middle.split(",");
    const text = document.createElementNS(space, "text");
    text.setAttribute("x", x);
    text.setAttribute("y", y);
    text.textContent = label(data.counties[code].short || data.counties[code].name);
    return text;
  });
  document.getElementById("near").replaceChildren(...names);
  if (map.classList.contains("zoomed")) sizeNames();
}

function sizeNames() {
  const unit = view.width / (map.clientWidth || 600);
  const near = document.getElementById("near");
  near.setAttribute("font-size", 12.5 * unit);
  near.setAttribute("stroke-width", 3 * unit);
  clearTimeout(sizeNames.later);
  sizeNames.later = setTimeout(() => declutter(near, unit), 60);
}

/** Hides names that would lie on others; those of large counties stay. */
function declutter(near, unit) {
  const texts = [...near.children];
  const size = (i) => { const b = boxOf([...shapeOf.values()][i]); return (b[2] - b[0]) * (b[3] - b[1]); };
  const order = texts.map((_, i) => i).sort((a, b) => size(b) - size(a));
  const taken = [];
  for (const i of order) {
    const text = texts[i];
    const half = [...text.textContent].reduce((w, sign) => w + (sign > "\u2e7f" ? 13 : 7.2), 4) * unit / 2;
    const x = Number(text.getAttribute("x")), y = Number(text.getAttribute("y")), high = 8 * unit;
    const free = taken.every((o) => Math.abs(o.x - x) > o.half + half || Math.abs(o.y - y) > 2 * high);
    text.style.display = free ? "" : "none";
    if (free) taken.push({ x, y, half });
  }
}

function startMap() {
  const [x, y, width, height] = map.getAttribute("viewBox").split(" ").map(Number);
  whole = { x, y, width, height };
  setView(whole);
  for (const [code, path] of shapeOf) {
    path.setAttribute("role", "button");
    path.addEventListener("pointermove", (event) => { if (event.pointerType === "mouse") showTip(code, event.clientX, event.clientY); });
    path.addEventListener("pointerleave", hideTip);
    path.addEventListener("click", () => { if (!dragged) choose(code); });
    path.addEventListener("focus", () => { stop(path); outline(code, true); const b = path.getBoundingClientRect(); showTip(code, b.left + b.width / 2, b.top + b.height / 2); });
    path.addEventListener("blur", () => { hideTip(); outline(state.area); });
    path.addEventListener("keydown", (event) => mapKey(event, code, path));
  }
  stop(shapeOf.values().next().value);
  for (const button of document.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => ({ in: () => zoom(0.6), out: () => zoom(1 / 0.6), all: () => fly(whole) })[button.dataset.zoom]());
  }
  startDragging();
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function mapKey(event, code, path) {
  if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(code); }
  if (event.key === "Escape") { hideTip(); fly(whole); }
  const arrow = ARROWS[event.key];
  const next = arrow && neighbour(path, ...arrow);
  if (arrow) event.preventDefault();
  if (next) next.focus({ preventScroll: true });
}

let dragged = false;

function startDragging() {
  let from = null;
  map.addEventListener("pointerdown", (event) => { dragged = false; from = map.classList.contains("zoomed") ? { x: event.clientX, y: event.clientY, view: { ...view } } : null; });
  map.addEventListener("pointermove", (event) => {
    if (!from) return;
    const dx = event.clientX - from.x, dy = event.clientY - from.y;
    if (Math.hypot(dx, dy) > 5) { dragged = true; hideTip(); map.classList.add("dragging"); }
    const scale = view.width / map.clientWidth;
    if (dragged) setView({ ...from.view, x: from.view.x - dx * scale, y: from.view.y - dy * scale });
  });
  const end = () => { from = null; map.classList.remove("dragging"); };
  map.addEventListener("pointerup", end);
  map.addEventListener("pointerleave", end);
}
