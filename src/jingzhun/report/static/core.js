// State, language, numbers, and the building of elements. All text from data goes in as text, never as markup.
const data = JSON.parse(document.getElementById("data").textContent);
const HIDDEN = "hidden";
const root = document.documentElement;
const state = { lang: "zh", area: null, measure: data.measures.length ? data.measures[0].id : null };
const listeners = [];
const onChange = (listener) => listeners.push(listener);

/** A text in the reader's language; values in {braces} are filled in. */
function say(key, values = {}) {
  const text = data.texts[key] ? data.texts[key][state.lang] : key;
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** A label {en, zh} in the reader's language. */
const label = (both) => (both ? both[state.lang] : say("not_known"));

/** An element with attributes and children; strings become text. */
function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "style") node.style.cssText = value;
    else if (value !== null && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

const colon = () => (state.lang === "zh" ? "：" : ": ");
const isHidden = (value) => value === HIDDEN;
const isNumber = (value) => typeof value === "number";

/** A count with separators, or the mark of hidden and unknown figures, as plain text. */
function count(value, digits = 0) {
  if (isHidden(value)) return "·";
  if (!isNumber(value)) return "—";
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** A fraction as percent. */
function percent(value, digits = 1) {
  if (!isNumber(value)) return count(value);
  const small = value !== 0 && Math.abs(value) < 0.001;
  return `${count(100 * value, small ? Math.max(2, digits) : digits)}%`;
}

/** Large numbers on axes: 40万 or 400k. */
function short(value) {
  const big = Math.abs(value);
  if (state.lang === "zh") return big >= 1e4 ? `${+(value / 1e4).toFixed(1)}万` : String(value);
  return big >= 1e6 ? `${+(value / 1e6).toFixed(1)}M` : big >= 1e4 ? `${+(value / 1e3).toFixed(0)}k` : String(value);
}

/** A figure as an element: hidden ones carry the hatched mark and words for screen readers. */
function figure(value, format = count) {
  if (!isHidden(value) && isNumber(value)) return document.createTextNode(format(value));
  const key = isHidden(value) ? "hidden" : "not_known";
  const mark = el("span", { class: isHidden(value) ? "hid" : "none", title: say(key) }, isHidden(value) ? "·" : "—");
  mark.append(el("span", { class: "sr" }, say(key)));
  return mark;
}

/** A bar of so many percent. */
function bar(width, tone = "") {
  const inner = el("i", { style: `width:${Math.max(0, Math.min(100, width))}%` });
  return el("span", { class: `bar ${tone}`, "aria-hidden": "true" }, inner);
}

const css = (name) => getComputedStyle(root).getPropertyValue(name).trim();

/** Moves to another state, keeps it in the address, and redraws what depends on it. */
function change(next) {
  Object.assign(state, next);
  const parts = new URLSearchParams({ lang: state.lang === "zh" ? "zh-Hans" : "en" });
  if (state.area) parts.set("area", state.area);
  if (data.measures.length && state.measure !== data.measures[0].id) parts.set("measure", state.measure);
  history.replaceState(null, "", `#${parts}`);
  apply(next);
}

/** The page in its present state; `what` names the parts that changed. */
function apply(what) {
  if ("lang" in what) applyLanguage();
  listeners.forEach((listener) => listener(what));
}

function applyLanguage() {
  root.lang = state.lang === "zh" ? "zh-Hans" : "en";
  root.dataset.lang = state.lang;
  document.getElementById(`lang-${state.lang}`).checked = true;
  document.title = data.title[state.lang];
  for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", say(node.dataset.label));
  for (const node of document.querySelectorAll("[data-title]")) node.title = say(node.dataset.title);
  for (const node of document.querySelectorAll("[data-placeholder]")) node.placeholder = say(node.dataset.placeholder);
  for (const node of document.querySelectorAll("[data-label-en]")) {
    node.setAttribute("aria-label", node.getAttribute(`data-label-${state.lang}`));
  }
  for (const node of document.querySelectorAll(".hid")) node.title = say("hidden");
}

/** The state that the address names; the browser's language where it names none. */
function fromAddress() {
  const parts = new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");
  const lang = parts.get("lang") || navigator.language || "zh";
  const area = parts.get("area");
  const measure = parts.get("measure");
  return {
    lang: lang.startsWith("zh") ? "zh" : "en",
    area: area && data.counties[area] ? area : null,
    measure: data.measures.some((m) => m.id === measure) ? measure : state.measure,
  };
}
