// Draws the charts of the leaders' dashboard and renews the page each minute without a flicker.
// Everything it draws stands in the tables too: without this file the page says the same.
(() => {
  "use strict";
  const desk = () => document.getElementById("desk");
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const charts = new Map();
  const grouped = (n) => n.toLocaleString(document.documentElement.lang === "en" ? "en" : "vi");

  const base = (place) => ({
    animation: !still,
    animationDuration: 120,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: colour("--ink") },
    tooltip: { trigger: "axis", renderMode: "richText", confine: true, valueFormatter: (n) => (typeof n === "number" ? grouped(n) : "–") },
    legend: { top: 0, left: 0, textStyle: { color: colour("--ink") } },
    grid: { left: 8, right: 8, top: place.clientWidth < 480 ? 60 : 36, bottom: 4, containLabel: true },
  });
  const axis = (more) => ({
    axisLabel: { color: colour("--quiet") },
    axisLine: { lineStyle: { color: colour("--line") } },
    splitLine: { lineStyle: { color: colour("--line") } },
    ...more,
  });

  const drawings = {
    trend: (data, place) => ({
      ...base(place),
      xAxis: axis({ type: "category", data: data.months, splitLine: { show: false } }),
      yAxis: [
        axis({ type: "value", minInterval: 1, axisLabel: { color: colour("--quiet"), formatter: grouped } }),
        axis({ type: "value", min: (range) => Math.max(0, Math.floor(range.min / 10) * 10 - 10), max: 100, splitLine: { show: false } }),
      ],
      series: [
        { name: data.names[0], type: "bar", data: data.received, itemStyle: { color: colour("--edge") } },
        { name: data.names[1], type: "bar", data: data.answered, itemStyle: { color: colour("--button") } },
        { name: data.names[2], type: "line", yAxisIndex: 1, data: data.share, connectNulls: false, symbolSize: 7, lineStyle: { width: 3, color: colour("--on-time") }, itemStyle: { color: colour("--on-time") } },
      ],
    }),
    units: (data, place) => ({
      ...base(place),
      xAxis: axis({ type: "value", minInterval: 1, axisLabel: { color: colour("--quiet"), formatter: grouped } }),
      yAxis: axis({ type: "category", inverse: true, data: data.names, splitLine: { show: false }, axisLabel: { color: colour("--ink"), width: 150, overflow: "truncate" } }),
      series: [
        { name: data.labels[0], type: "bar", stack: "open", data: data.overdue, itemStyle: { color: colour("--late") } },
        { name: data.labels[1], type: "bar", stack: "open", data: data.open, itemStyle: { color: colour("--edge"), opacity: 0.5 } },
      ],
    }),
  };

  function draw() {
    const kept = document.getElementById("desk-data");
    if (!kept || !window.echarts) return;
    const data = JSON.parse(kept.textContent);
    charts.forEach((chart) => chart.dispose());
    charts.clear();
    document.querySelectorAll("[data-chart]").forEach((place) => {
      const name = place.dataset.chart;
      if (!data[name] || !(data[name].months || data[name].names).length) return;
      place.hidden = false;
      const chart = window.echarts.init(place, null, { renderer: "canvas" });
      chart.setOption(drawings[name](data[name], place));
      charts.set(name, chart);
    });
    // With the chart there, its table is a press away.
    document.querySelectorAll("[data-open-without-script]").forEach((each) => each.removeAttribute("open"));
  }

  async function renew() {
    const here = desk();
    if (!here || document.hidden) return;
    // Nobody's reading is disturbed but on the wall: a chosen link or an opened part stays as it is.
    if (!here.dataset.wall && (here.contains(document.activeElement) || here.querySelector("details[open]"))) return;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("desk");
      if (!fresh) return;
      here.replaceChildren(...fresh.childNodes);
      const clock = document.querySelector(".band__as-of"), told = page.querySelector(".band__as-of");
      if (clock && told) clock.replaceChildren(...told.childNodes);
      draw();
    } catch {
      // Without a line the figures stay, with their hour beside them.
    }
  }

  draw();
  addEventListener("resize", () => charts.forEach((chart) => chart.resize()));
  const seconds = Number(desk()?.dataset.live || 0);
  if (seconds) setInterval(renew, seconds * 1000);
})();
