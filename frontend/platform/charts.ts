// Draws every figure that names its option: <figure data-chart="id of a JSON script">. Loaded only where there is one.
//
// An option comes from the server as plain data. What data can't say is added here: colours of the page's theme,
// numbers in the page's language, tooltips as elements (text in markup would break the content security policy),
// the step to an area's own page, and stillness for those who asked for it.
import { BarChart, LineChart, MapChart } from "echarts/charts";
import {
  GeoComponent,
  GridComponent,
  LegendComponent,
  TooltipComponent,
  VisualMapComponent,
} from "echarts/components";
import { type ECharts, getInstanceByDom, getMap, init, registerMap, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([
  BarChart,
  GeoComponent,
  GridComponent,
  LegendComponent,
  LineChart,
  MapChart,
  SVGRenderer,
  TooltipComponent,
  VisualMapComponent,
]);

type Plain = Record<string, any>;

// Legible on white and on dark, and told apart by colour-blind people (after Okabe and Ito, darkened).
const COLOURS = ["#1f6fb2", "#d9730d", "#12876f", "#b5487f", "#6b5bb5", "#8a6d00", "#5f6b7a"];
const DARK_COLOURS = ["#5db3f0", "#f5a04c", "#45c9a8", "#ee8fbd", "#a99bf0", "#e0c040", "#a8b3c2"];
const drawn = new Set<HTMLElement>();

/** Draw all figures of a part of the page that are not drawn yet; forget those that have left it. */
export async function draw(part: ParentNode): Promise<void> {
  for (const figure of drawn) {
    if (!figure.isConnected) {
      getInstanceByDom(figure)?.dispose();
      drawn.delete(figure);
    }
  }
  const figures = [...part.querySelectorAll<HTMLElement>("[data-chart]")];
  await Promise.all(figures.filter((figure) => !drawn.has(figure)).map(drawOne));
}

async function drawOne(figure: HTMLElement): Promise<void> {
  const text = document.getElementById(figure.dataset.chart ?? "")?.textContent;
  if (!text) return;
  drawn.add(figure);
  if (figure.dataset.map && !(await hasMap(figure.dataset.map))) return;
  const option = JSON.parse(text);
  // Drawn once there is room: what is folded away, or a page that is being left, has none.
  new ResizeObserver(() => {
    if (!figure.isConnected || !figure.clientWidth) return;
    const there = getInstanceByDom(figure);
    if (there) return there.resize();
    const chart = init(figure, undefined, { renderer: "svg" });
    chart.setOption(completed(option, figure));
    leads(chart);
  }).observe(figure);
}

async function hasMap(address: string): Promise<boolean> {
  if (getMap(address)) return true;
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok) return false;
  registerMap(address, await answer.json());
  return true;
}

/** A click on something that has a page leads there; only to addresses of this site. */
function leads(chart: ECharts): void {
  chart.on("click", (event: Plain) => {
    const address = event.data?.href;
    if (typeof address === "string" && /^[/?](?!\/)/.test(address)) location.assign(address);
  });
}

function completed(option: Plain, figure: HTMLElement): Plain {
  const look = getComputedStyle(figure);
  const isDark = figure.closest("[data-bs-theme=dark]") !== null;
  const ink = look.color;
  const faint = isDark ? "#3a4656" : "#dce1e7";
  const base: Plain = {
    color: isDark ? DARK_COLOURS : COLOURS,
    textStyle: { fontFamily: look.fontFamily, fontSize: 12, color: ink },
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    animationDuration: 300,
    grid: { left: 8, right: 16, top: 32, bottom: 8, outerBoundsMode: "same" },
  };
  const whole: Plain = { ...base, ...option };
  whole.tooltip = { confine: true, ...option.tooltip, formatter: tooltip(figure.dataset.unit ?? "") };
  if (whole.legend) whole.legend = { type: "scroll", top: 0, left: 0, right: 0, pageTextStyle: { color: ink }, textStyle: { color: ink }, itemGap: 8, itemWidth: 18, ...whole.legend };
  for (const name of ["xAxis", "yAxis"]) {
    if (whole[name]) whole[name] = list(whole[name]).map((axis) => axisOf(axis, ink, faint));
  }
  whole.series = list(whole.series).map((series) => seriesOf(series, figure, isDark));
  if (whole.visualMap) whole.visualMap = { textStyle: { color: ink }, formatter: range, ...whole.visualMap };
  return whole;
}

function axisOf(axis: Plain, ink: string, faint: string): Plain {
  const isNumber = axis.type === "value";
  return {
    ...axis,
    axisLine: { lineStyle: { color: faint } },
    axisTick: { show: false },
    splitLine: { show: isNumber, lineStyle: { color: faint } },
    nameTextStyle: { color: ink },
    axisLabel: { color: ink, ...(isNumber ? { formatter: number, hideOverlap: true } : {}), ...axis.axisLabel },
  };
}

function seriesOf(series: Plain, figure: HTMLElement, isDark: boolean): Plain {
  if (series.type !== "map") return { barMaxWidth: 28, symbolSize: 8, ...series };
  const still = isDark ? "#2a3442" : "#eef1f4";
  return {
    map: figure.dataset.map,
    animation: false,
    aspectScale: 0.8,
    selectedMode: false,
    itemStyle: { areaColor: still, borderColor: isDark ? "#101820" : "#ffffff", borderWidth: 0.8 },
    emphasis: { itemStyle: { areaColor: "#f5c04c" }, label: { show: true, color: "#101820" } },
    ...series,
    label: { color: "#101820", textBorderColor: "#ffffff", textBorderWidth: 3, fontSize: 12, ...series.label, formatter: (part: Plain) => part.data?.title ?? "" },
  };
}

/** What stands over a bar, point or area, as elements. */
function tooltip(unit: string): (found: Plain | Plain[]) => HTMLElement {
  return (found) => {
    const parts = list(found);
    const box = document.createElement("div");
    const title = document.createElement("strong");
    title.textContent = String(parts[0].data?.title ?? parts[0].name ?? "");
    box.append(title);
    for (const part of parts) {
      const row = document.createElement("div");
      const label = parts.length > 1 || part.seriesName ? `${part.seriesName ?? ""} ` : "";
      const value = part.data?.told ?? `${number(part.value)}${unit && ` ${unit}`}`;
      row.textContent = `${label}${value}`;
      box.append(row);
    }
    return box;
  };
}

function number(value: unknown): string {
  const amount = typeof value === "number" ? value : Number.NaN;
  return Number.isFinite(amount) ? amount.toLocaleString(document.documentElement.lang) : "—";
}

function range(low: unknown, high?: unknown): string {
  return high === undefined ? number(low) : `${number(low)} – ${number(high)}`;
}

function list<T>(value: T | T[]): T[] {
  return Array.isArray(value) ? value : [value];
}
