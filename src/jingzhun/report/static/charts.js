// Charts, drawn with ECharts where it is part of the page; without it the tables below them stand open.
const charts = new Map();

const textStyle = (extra = {}) => ({ color: css("--ink"), fontFamily: css("--font"), fontSize: 12.5, ...extra });
const faint = () => ({ color: css("--muted"), fontFamily: css("--font"), fontSize: 12 });

function base() {
  return {
    animationDuration: still.matches ? 0 : 350,
    textStyle: { fontFamily: css("--font") },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow", shadowStyle: { color: "rgba(90,110,120,.08)" } }, confine: true, backgroundColor: css("--ink"), borderWidth: 0, textStyle: { color: css("--paper"), fontFamily: css("--font"), fontSize: 13 }, renderMode: "html" },
    grid: { left: 8, right: 16, top: 12, bottom: 8, containLabel: true },
  };
}

const valueAxis = (extra = {}) => ({ type: "value", axisLabel: { ...faint(), formatter: short }, splitLine: { lineStyle: { color: css("--line") } }, ...extra });
const nameAxis = (names, extra = {}) => ({ type: "category", data: names, axisTick: { show: false }, axisLine: { lineStyle: { color: css("--line") } }, axisLabel: textStyle(), ...extra });
const narrow = (node) => node.clientWidth < 520;

/** The tooltip as elements, so that names from data are text. */
function told(title, lines) {
  const box = el("div", {}, el("strong", {}, title));
  for (const [name, value] of lines) box.append(el("br"), `${name ? `${name}${colon()}` : ""}${value}`);
  return box;
}

function causesChart(node) {
  const { labels, households, shares } = data.charts.causes;
  const names = labels.map(label);
  return {
    ...base(),
    tooltip: { ...base().tooltip, formatter: ([{ dataIndex: i }]) => told(names[i], [[say("col_households"), count(households[i])], [say("col_share"), percent(shares[i])]]) },
    xAxis: valueAxis({ splitNumber: narrow(node) ? 3 : 6 }),
    yAxis: nameAxis(names, { inverse: true, axisLabel: textStyle({ width: narrow(node) ? 96 : 170, overflow: "break" }) }),
    grid: { ...base().grid, right: 64 },
    series: [{
      type: "bar", barMaxWidth: 20, itemStyle: { color: css("--bar"), borderRadius: [0, 3, 3, 0] },
      data: households.map((n) => (isNumber(n) ? n : 0)),
      label: { show: true, position: "right", ...textStyle(), formatter: ({ dataIndex: i }) => percent(shares[i]) },
    }],
  };
}

function incomeChart(node) {
  const { names, amounts } = data.charts.income;
  const keys = ["wage_yuan", "business_yuan", "property_yuan", "transfer_yuan"];
  return {
    ...base(),
    legend: { top: 0, left: 0, icon: "roundRect", itemWidth: 12, itemHeight: 12, textStyle: textStyle(), selectedMode: false },
    grid: { ...base().grid, top: narrow(node) ? 74 : 38, right: 48 },
    tooltip: { ...base().tooltip, formatter: ([{ dataIndex: i }]) => told(label(names[i]), [...keys.map((key, k) => [say(key), count(amounts[i][k])]), [say("stage_total"), count(amounts[i].reduce((a, b) => a + b, 0))]]) },
    xAxis: valueAxis({ splitNumber: narrow(node) ? 3 : 6 }),
    yAxis: nameAxis(names.map(label), { inverse: true }),
    series: keys.map((key, k) => ({
      name: say(key), type: "bar", stack: "all", barMaxWidth: 18, itemStyle: { color: css(`--i${k}`) },
      data: amounts.map((row) => Math.max(0, row[k])),
      label: k === 3 ? { show: true, position: "right", ...faint(), formatter: ({ dataIndex: i }) => count(amounts[i].reduce((a, b) => a + b, 0)) } : { show: false },
    })),
  };
}

function funnelChart(node, profile) {
  const steps = data.charts.funnel[profile];
  const left = steps.map((step) => (isNumber(step.n) ? step.n : 0));
  const lost = steps.map((step, i) => (i && isNumber(step.n) && isNumber(steps[i - 1].n) ? steps[i - 1].n - step.n : 0));
  const why = (i) => `−${count(lost[i])} ${say(`dropped_${steps[i].step}`)}`;
  const last = steps.length - 1;
  return {
    ...base(),
    tooltip: { ...base().tooltip, formatter: ([{ dataIndex: i }]) => told(label(steps[i].label), [[say("col_households"), count(steps[i].n)], ...(lost[i] ? [["", why(i)]] : [])]) },
    grid: { left: 0, right: 4, top: 6, bottom: 0, containLabel: true },
    xAxis: { type: "value", show: false, max: left[0] || 1 },
    yAxis: nameAxis(steps.map((step) => label(step.label)), { inverse: true, axisLine: { show: false }, axisLabel: textStyle({ width: narrow(node) ? 88 : 120, overflow: "break" }) }),
    series: [
      { type: "bar", stack: "all", barMaxWidth: 26, data: left.map((n, i) => ({ value: n, itemStyle: { color: css(i === last ? "--passed" : "--h5") } })), label: { show: true, position: "insideLeft", color: css("--paper"), fontFamily: css("--font"), fontSize: 12.5, formatter: ({ dataIndex: i }) => count(steps[i].n) } },
      { type: "bar", stack: "all", data: lost, itemStyle: { color: css("--lost") } },
    ],
  };
}

function scoresChart(node, profile) {
  const { rows, mark } = data.charts.scores[profile];
  const wide = rows.length ? rows[0].to - rows[0].from : 1;
  return {
    ...base(),
    tooltip: { ...base().tooltip, axisPointer: { type: "none" }, formatter: ([{ dataIndex: i }]) => told(`${rows[i].from >= 100 ? 100 : `${rows[i].from}–${rows[i].to - 1}`} ${say("exit_score_axis")}`, [[say("col_households"), count(rows[i].n)]]) },
    grid: { left: 4, right: 8, top: 28, bottom: 4, containLabel: true },
    xAxis: { type: "value", min: 0, max: 100 + wide, interval: narrow(node) ? 20 : 10, axisLabel: faint(), splitLine: { show: false }, axisLine: { lineStyle: { color: css("--line") } } },
    yAxis: valueAxis({ splitNumber: 3 }),
    series: [{
      type: "bar", barWidth: "86%", data: rows.map((row) => ({ value: [row.from + wide / 2, isNumber(row.n) ? row.n : 0], itemStyle: { color: css(row.from >= mark ? "--passed" : "--failed"), borderRadius: [2, 2, 0, 0] } })),
      markLine: mark ? { symbol: "none", silent: true, lineStyle: { color: css("--ink"), type: "dashed" }, label: { ...textStyle(), position: "end", formatter: say("exit_mark", { mark }) }, data: [{ xAxis: mark }] } : undefined,
    }],
  };
}

function concentrationChart(node) {
  const { names, shares, half } = data.charts.concentration;
  const points = [[0, 0], ...shares.map((share, i) => [i + 1, share])];
  return {
    ...base(),
    grid: { left: 4, right: 24, top: 30, bottom: 24, containLabel: true },
    tooltip: { ...base().tooltip, axisPointer: { type: "line" }, formatter: ([{ data: [n, share] }]) => told(n ? `${n}. ${label(names[n - 1])}` : "0", [[say("col_cumulative"), percent(share)]]) },
    xAxis: { type: "value", min: 0, max: names.length, name: say("first_axis"), nameLocation: "middle", nameGap: 26, nameTextStyle: faint(), axisLabel: faint(), splitLine: { show: false }, axisLine: { lineStyle: { color: css("--line") } } },
    yAxis: valueAxis({ max: 1, axisLabel: { ...faint(), formatter: (v) => percent(v, 0) } }),
    series: [{
      type: "line", data: points, symbol: "none", lineStyle: { color: css("--poor"), width: 2.5 }, areaStyle: { color: css("--poor"), opacity: 0.1 },
      markLine: half ? { symbol: "none", silent: true, lineStyle: { color: css("--ink"), type: "dashed" }, label: { ...textStyle(), position: "end", formatter: say("first_half", { n: half }) }, data: [{ xAxis: half }] } : undefined,
    }],
  };
}

function crosscheckChart(node) {
  const { labels, findings, review, severity } = data.charts.crosscheck;
  const tones = { high: "--failed", medium: "--i3", low: "--missing" };
  const names = labels.map(label);
  return {
    ...base(),
    tooltip: { ...base().tooltip, formatter: ([{ dataIndex: i }]) => told(names[i], [[say("col_findings"), count(findings[i])], [say("col_review"), count(review[i])], ["", say(`severity_${severity[i]}`)]]) },
    xAxis: valueAxis({ splitNumber: narrow(node) ? 2 : 6 }),
    yAxis: nameAxis(names, { inverse: true, axisLabel: textStyle({ width: narrow(node) ? 170 : 330, overflow: "truncate" }) }),
    grid: { ...base().grid, right: 56 },
    series: [{
      type: "bar", barMaxWidth: 18, data: findings.map((n, i) => ({ value: isNumber(n) ? n : 0, itemStyle: { color: css(tones[severity[i]]), borderRadius: [0, 3, 3, 0] } })),
      label: { show: true, position: "right", ...textStyle(), formatter: ({ dataIndex: i }) => count(findings[i]) },
    }],
  };
}

const DRAWINGS = { causes: causesChart, income: incomeChart, funnel: funnelChart, scores: scoresChart, concentration: concentrationChart, crosscheck: crosscheckChart };

function drawCharts() {
  for (const [node, chart] of charts) {
    const [kind, profile] = node.dataset.chart.split(":");
    chart.setOption(DRAWINGS[kind](node, profile), true);
  }
}

/** Shows the charts whose data are there, and closes the tables they replace. */
function startCharts() {
  if (typeof echarts === "undefined") return;
  for (const node of document.querySelectorAll(".chart")) {
    const [kind, profile] = node.dataset.chart.split(":");
    const given = data.charts[kind];
    if (!given || (profile && !given[profile])) continue;
    node.hidden = false;
    charts.set(node, echarts.init(node, null, { renderer: "svg" }));
    const table = node.nextElementSibling;
    if (table && table.matches("details.figures")) table.open = false;
  }
  new ResizeObserver((entries) => entries.forEach(({ target }) => { const chart = charts.get(target); if (chart) chart.resize(); })).observe(document.body);
  for (const node of charts.keys()) new ResizeObserver(() => charts.get(node).resize()).observe(node);
}
