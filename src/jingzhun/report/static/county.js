// Beside the map: the list of counties with search, the chosen county, and its townships.
const ranking = document.getElementById("ranking");
const panel = document.getElementById("county-panel");
const townships = document.getElementById("townships");
const search = document.getElementById("search");
const sorting = { column: 4, down: true };

const gently = () => (still.matches ? "auto" : "smooth");

/** Opens a county, or goes back to all with null; `move` takes the focus along, as its button disappears. */
function choose(code, move = false) {
  change({ area: code });
  if (map && shapeOf.size) fly(code && shapeOf.has(code) ? around(code) : whole);
  if (!code) return;
  if (move) panel.querySelector("h3").focus({ preventScroll: true });
  if (panel.getBoundingClientRect().top > innerHeight * 0.85) panel.scrollIntoView({ block: "center", behavior: gently() });
}

/** Counties by value of the measure, hidden and unknown ones last. */
function ranked() {
  const rank = (code) => { const value = measureNow() ? valueOf(code) : null; return isNumber(value) ? value : -Infinity; };
  return Object.keys(data.counties).sort((a, b) => rank(b) - rank(a) || (a < b ? -1 : 1));
}

function drawRanking() {
  const wanted = search.value.trim().toLowerCase();
  const most = Math.max(0, ...Object.keys(data.counties).map((code) => (measureNow() && isNumber(valueOf(code)) ? valueOf(code) : 0)));
  const found = ranked().filter((code) => {
    const { name, prefecture } = data.counties[code];
    return [code, name.en, name.zh, prefecture.en, prefecture.zh].some((text) => text.toLowerCase().includes(wanted));
  });
  const rows = found.map((code) => rankingRow(code, most));
  ranking.replaceChildren(...(rows.length ? rows : [el("li", { class: "hint" }, say("no_match"))]));
}

function rankingRow(code, most) {
  const { name, prefecture } = data.counties[code];
  const value = measureNow() ? valueOf(code) : null;
  return el("li", {}, el("button", { type: "button", "data-county": code, onclick: () => choose(code, true) },
    el("span", {}, label(name), el("span", { class: "of" }, label(prefecture))),
    el("span", { class: "value" }, figure(value, (v) => measured(v))),
    bar(isNumber(value) && most ? (100 * value) / most : 0, "poor"),
  ));
}

function drawCounty() {
  const county = state.area && data.counties[state.area];
  document.getElementById("county-list").hidden = Boolean(county);
  panel.hidden = !county;
  if (!county) { panel.replaceChildren(); return; }
  panel.replaceChildren(
    el("button", { type: "button", class: "back", onclick: () => { choose(null); search.focus({ preventScroll: true }); } }, `← ${say("back")}`),
    el("div", { class: "county-head" }, el("h3", { tabindex: "-1" }, label(county.name)), el("span", { class: "dim" }, `${label(county.prefecture)} · ${state.area}`)),
    countyFacts(county),
    ...(county.outcomes.length ? [el("h4", {}, say("county_outcomes")), ...county.outcomes.map(outcomeRow)] : []),
    ...(county.causes.length ? [el("h4", {}, say("county_causes")), ...causeRows(county.causes)] : []),
    ...incomeRow(county.income),
    el("button", { type: "button", class: "back to-townships", onclick: () => townships.scrollIntoView({ behavior: gently() }) }, `${say("townships_of", { name: label(county.name) })} ↓`),
  );
}

function countyFacts(county) {
  const facts = [
    ["m_headcount", county.rate, percent],
    ["county_poor", county.poor, count],
    ["county_households", county.households, count],
    ["county_persons", county.persons, count],
    ["county_gap", county.gap, percent],
    ["county_income", county.mean, count],
    ["m_incidence", county.incidence, (v) => percent(v, 2)],
    ["county_villages", county.villages, count],
  ];
  const shown = facts.filter(([, value]) => value !== null && value !== undefined);
  return el("div", { class: "county-facts" }, shown.map(([key, value, format]) => el("div", {}, el("strong", {}, figure(value, format)), el("span", {}, say(key)))));
}

const OUTCOMES = ["passed", "failed", "not_assessable"];

function outcomeRow([profile, ...counts]) {
  const total = counts.filter(isNumber).reduce((a, b) => a + b, 0);
  const split = el("div", { class: "split", "aria-hidden": "true" }, counts.map((n, i) => el("i", { class: OUTCOMES[i], style: `width:${isNumber(n) && total ? (100 * n) / total : 0}%` })));
  const line = el("span", { class: "figures-line" });
  counts.forEach((n, i) => line.append(i ? " · " : "", `${say(OUTCOMES[i])} `, figure(n)));
  return el("div", { class: "outcome-row" }, el("span", {}, label(data.profiles[profile])), split, line);
}

function causeRows(causes) {
  const numbers = causes.filter(([, n]) => isNumber(n));
  const top = [...numbers].sort((a, b) => b[1] - a[1]).slice(0, 6);
  const most = top.length ? top[0][1] : 1;
  return top.map(([cause, n]) => el("div", { class: "cause-row" }, el("span", {}, label(data.causes[cause])), bar((100 * n) / most), el("span", { class: "value" }, count(n))));
}

function incomeRow(amounts) {
  if (!amounts.every(isNumber)) return [];
  const total = amounts.reduce((sum, amount) => sum + Math.max(0, amount), 0);
  if (!total) return [];
  const keys = ["wage_yuan", "business_yuan", "property_yuan", "transfer_yuan"];
  const parts = amounts.map((amount, i) => [i, Math.max(0, amount) / total]);
  return [
    el("h4", {}, say("county_making")),
    el("div", { class: "split", "aria-hidden": "true" }, parts.map(([i, part]) => el("i", { class: `income-${i}`, style: `width:${100 * part}%` }))),
    el("ul", { class: "keys" }, parts.map(([i, part]) => el("li", {}, el("b", { class: `swatch income-${i}` }), `${say(keys[i])} ${percent(part, 0)}`))),
  ];
}

const columns = () => {
  const first = [["col_township", null], ["col_households", count], ["col_persons", count], ["col_poor_households", count], ["col_poor_persons", count], ["col_rate", percent]];
  const last = data.outcomes ? OUTCOMES.map((outcome) => [outcome, count]) : [];
  return [...first, ...last];
};

function drawTownships() {
  const county = state.area && data.counties[state.area];
  const rows = county ? data.townships[state.area] || [] : [];
  if (!county) { townships.replaceChildren(el("p", { class: "hint" }, say("townships_hint"))); return; }
  const title = el("h3", { id: "townships-title" }, say("townships_of", { name: label(county.name) }));
  if (!rows.length) { townships.replaceChildren(title, el("p", { class: "note" }, say("townships_none"))); return; }
  const table = el("table", { class: "data" }, el("caption", { class: "sr" }, title.textContent), townshipHead(), el("tbody", {}, sorted(rows).map(townshipRow)));
  const note = data.outcomes ? el("p", { class: "note" }, `${say("county_outcomes")}${colon()}${label(data.profiles[data.outcomes])}`) : "";
  townships.replaceChildren(title, el("div", { class: "scroll", tabindex: "0", role: "region", "aria-labelledby": "townships-title" }, table), note);
}

function townshipHead() {
  return el("thead", {}, el("tr", {}, columns().map(([key, format], i) => el("th", {
    scope: "col", class: format ? "n" : "", "aria-sort": i === sorting.column ? (sorting.down ? "descending" : "ascending") : null,
  }, el("button", { type: "button", class: "sort", onclick: () => sortBy(i) }, say(key))))));
}

function sortBy(column) {
  Object.assign(sorting, { down: sorting.column === column ? !sorting.down : column > 0, column });
  drawTownships();
  townships.querySelectorAll(".sort")[column].focus();
}

function sorted(rows) {
  const { column, down } = sorting;
  const key = (row) => (column === 0 ? row[0] : isNumber(row[column]) ? row[column] : -1);
  return [...rows].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0) * (down ? -1 : 1));
}

function townshipRow(row) {
  return el("tr", {}, columns().map(([, format], i) => (format ? el("td", { class: "n" }, figure(row[i], format)) : el("th", { scope: "row" }, row[i]))));
}
