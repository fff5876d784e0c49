// Charts of the data_visualization block, as SVG. Each has a table of its numbers for whoever does not see it.

import { h } from "./dom.js";
import { decode } from "./mrkdwn.js";

const colours = Array.from({ length: 6 }, (_, i) => `var(--chart-${i + 1})`);
let width = 560; // of the drawing; less on a phone, so that its texts stay readable
const height = 240;
const pad = { left: 48, right: 12, top: 12, bottom: 30 };

/** chart renders the block: title, drawing, legend, numbers. */
export function chart(block) {
  const c = block.chart || {};
  const draw = { pie, bar: bars, line: lines, area: lines }[c.type];
  if (!draw) return h("div", { class: "alert warning" }, `This page cannot draw a chart of type “${c.type}”.`);
  width = innerWidth > 520 ? 560 : 340;
  const title = decode(block.title || "");
  return h("figure", { class: `chart chart-${c.type}` }, h("figcaption", { class: "chart-title" }, title), draw(c, title), numbers(c, title));
}

function pie(c, title) {
  const total = c.segments.reduce((sum, s) => sum + s.value, 0) || 1;
  let angle = -Math.PI / 2;
  const slices = c.segments.map((s, i) => {
    const turn = (s.value / total) * 2 * Math.PI;
    const [x1, y1] = [100 + 92 * Math.cos(angle), 100 + 92 * Math.sin(angle)];
    angle += turn;
    const [x2, y2] = [100 + 92 * Math.cos(angle), 100 + 92 * Math.sin(angle)];
    const d = turn > 6.28 ? "M100 8a92 92 0 1 1 0 184a92 92 0 1 1 0-184" : `M100 100L${x1} ${y1}A92 92 0 ${turn > Math.PI ? 1 : 0} 1 ${x2} ${y2}Z`;
    return h("path", { d, style: { fill: colours[i % 6] }, class: "slice" }, h("title", null, `${decode(s.label)}: ${format(s.value)}`));
  });
  const hole = h("circle", { cx: 100, cy: 100, r: 48, class: "hole" });
  const sum = h("text", { x: 100, y: 107, "text-anchor": "middle", class: "sum" }, format(total));
  const legend = c.segments.map((s, i) => [decode(s.label), `${format(s.value)} · ${Math.round((s.value / total) * 100)} %`, i]);
  return h("div", { class: "pie-row" }, h("svg", { viewBox: "0 0 200 200", class: "pie", role: "img", "aria-label": title }, slices, hole, sum), legendList(legend));
}

function legendList(items) {
  return h(
    "ul",
    { class: "legend", "aria-hidden": "true" },
    items.map(([name, value, i]) => h("li", null, h("span", { class: "swatch", style: { background: colours[i % 6] } }), h("span", null, name), value && h("b", null, value))),
  );
}

const format = (n) => new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 }).format(n);

// ticks chooses about four round values that enclose low and high.
function ticks(low, high) {
  const span = high - low || 1;
  const raw = span / 4;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= raw);
  const from = Math.floor(low / step) * step;
  const to = Math.ceil(high / step) * step || step;
  const out = [];
  for (let v = from; v <= to + step / 2; v += step) out.push(Number(v.toFixed(10)));
  return out;
}

function scales(c) {
  const categories = c.axis_config?.categories || c.series[0].data.map((p) => p.label);
  const values = c.series.flatMap((s) => s.data.map((p) => p.value));
  const marks = ticks(Math.min(0, ...values), Math.max(0, ...values));
  const [low, high] = [marks[0], marks.at(-1)];
  const left = pad.left + (c.axis_config?.y_label ? 16 : 0);
  const bottom = pad.bottom + (c.axis_config?.x_label ? 18 : 0);
  const slot = (width - left - pad.right) / categories.length;
  return {
    categories, marks, slot, left, bottom,
    x: (i) => left + slot * (i + 0.5),
    y: (v) => height - bottom - ((v - low) / (high - low || 1)) * (height - bottom - pad.top),
    value: (s, label) => s.data.find((p) => p.label === label)?.value ?? 0,
  };
}

function axes(c, at) {
  const every = Math.ceil(at.categories.length / 8);
  const room = Math.max(4, Math.floor((at.slot * every) / 6.2));
  const cut = (text) => (text.length > room ? text.slice(0, room - 1) + "…" : text);
  const axis = c.axis_config || {};
  return [
    at.marks.map((v) => h("g", null, h("line", { x1: at.left, x2: width - pad.right, y1: at.y(v), y2: at.y(v), class: v === 0 ? "axis" : "grid" }), h("text", { x: at.left - 7, y: at.y(v) + 4, "text-anchor": "end" }, format(v)))),
    at.categories.map((name, i) => (i % every ? null : h("text", { x: at.x(i), y: height - at.bottom + 17, "text-anchor": "middle" }, cut(decode(name))))),
    axis.x_label && h("text", { x: (at.left + width) / 2, y: height - 5, "text-anchor": "middle", class: "axis-label" }, decode(axis.x_label)),
    axis.y_label && h("text", { x: 12, y: (height - at.bottom) / 2, transform: `rotate(-90 12 ${(height - at.bottom) / 2})`, "text-anchor": "middle", class: "axis-label" }, decode(axis.y_label)),
  ];
}

function frame(c, title, at, ...marks) {
  const legend = c.series.length > 1 && legendList(c.series.map((s, i) => [decode(s.name), "", i]));
  return [h("svg", { viewBox: `0 0 ${width} ${height}`, class: "plot", role: "img", "aria-label": title }, axes(c, at), marks), legend];
}

function bars(c, title) {
  const at = scales(c);
  const group = at.slot * 0.72;
  const each = Math.min(46, group / c.series.length);
  const marks = at.categories.flatMap((name, i) =>
    c.series.map((s, k) => {
      const v = at.value(s, name);
      const top = Math.min(at.y(v), at.y(0));
      const x = at.x(i) - (each * c.series.length) / 2 + k * each + 1;
      const tall = Math.max(1, Math.abs(at.y(v) - at.y(0)));
      return h("rect", { x, y: top, width: Math.max(1, each - 2), height: tall, rx: Math.min(3, each / 4), style: { fill: colours[k % 6] }, class: "bar" }, h("title", null, `${decode(s.name)} · ${decode(name)}: ${format(v)}`));
    }),
  );
  return frame(c, title, at, marks);
}

function lines(c, title) {
  const at = scales(c);
  const marks = c.series.map((s, k) => {
    const points = at.categories.map((name, i) => [at.x(i), at.y(at.value(s, name)), name]);
    const path = points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
    const area = c.type === "area" && h("path", { d: `${path}L${points.at(-1)[0]} ${at.y(0)}L${points[0][0]} ${at.y(0)}Z`, style: { fill: colours[k % 6] }, class: "area" });
    const dots = points.map(([x, y, name]) => h("circle", { cx: x, cy: y, r: 3.5, style: { fill: colours[k % 6] } }, h("title", null, `${decode(s.name)} · ${decode(name)}: ${format(at.value(s, name))}`)));
    return h("g", null, area, h("path", { d: path, style: { stroke: colours[k % 6] }, class: "line" }), dots);
  });
  return frame(c, title, at, marks);
}

function numbers(c, title) {
  const rows = c.segments
    ? c.segments.map((s) => [decode(s.label), format(s.value)])
    : (c.axis_config?.categories || []).map((name) => [decode(name), ...c.series.map((s) => format(s.data.find((p) => p.label === name)?.value ?? 0))]);
  const head = c.segments ? ["", "Value"] : ["", ...c.series.map((s) => decode(s.name))];
  return h(
    "table",
    { class: "sr-only" },
    h("caption", null, title),
    h("thead", null, h("tr", null, head.map((x) => h("th", { scope: "col" }, x)))),
    h("tbody", null, rows.map(([first, ...rest]) => h("tr", null, h("th", { scope: "row" }, first), rest.map((x) => h("td", null, x))))),
  );
}
