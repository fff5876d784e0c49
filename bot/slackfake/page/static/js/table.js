// data_table and table blocks: sorting by a click on a heading, pages, cells of text, numbers, rich text and buttons.

import { h } from "./dom.js";
import { element } from "./elements.js";
import { decode } from "./mrkdwn.js";
import { richText } from "./richtext.js";
import { redraw } from "./redraw.js";

const shown = new Map(); // per table: how it is sorted and which page is open

function cell(c, block, place) {
  if (!c) return "";
  if (c.type === "rich_text") return richText(c.elements);
  if (c.type === "action_cell") return element(c.element, block, place);
  if (c.type === "raw_number") return c.text ? decode(c.text) : new Intl.NumberFormat("en-US").format(c.value);
  return decode(c.text ?? "");
}

function plainOf(c) {
  if (!c) return "";
  if (c.type === "raw_number") return c.value;
  if (c.type === "action_cell") return c.fallback?.text || c.element?.text?.text || "";
  return c.text ?? JSON.stringify(c.elements ?? "");
}

/** dataTable renders a data_table block: the first row is the head. */
export function dataTable(block, place) {
  const key = `${place?.view?.id || place?.ts || ""}/${block.block_id || block.caption}`;
  const state = shown.get(key) || { column: -1, down: false, page: 0 };
  const [head = [], ...rows] = block.rows || [];
  const numeric = head.map((_, i) => rows.every((r) => r[i]?.type === "raw_number"));
  const sorted = state.column < 0 ? rows : rows.toSorted((a, b) => compare(a, b, state, numeric));
  const size = block.page_size || 10;
  const pages = Math.max(1, Math.ceil(sorted.length / size));
  const page = Math.min(state.page, pages - 1);
  const change = (next) => {
    shown.set(key, { ...state, ...next });
    redraw();
  };
  const sort = (i) => change({ column: i, down: state.column === i && !state.down, page: 0 });
  return h(
    "div",
    { class: "data-table" },
    h(
      "div",
      { class: "table-scroll", tabindex: "0" },
      h(
        "table",
        { class: "table" },
        block.caption && h("caption", null, decode(block.caption)),
        h("thead", null, h("tr", null, head.map((c, i) => heading(cell(c), i, state, numeric[i], sort)))),
        h("tbody", null, sorted.slice(page * size, (page + 1) * size).map((r) => row(r, block, place, numeric))),
      ),
    ),
    pages > 1 && pager(page, pages, (p) => change({ page: p })),
  );
}

function compare(a, b, state, numeric) {
  const [x, y] = [plainOf(a[state.column]), plainOf(b[state.column])];
  const order = numeric[state.column] ? x - y : String(x).localeCompare(String(y), "en");
  return state.down ? -order : order;
}

function heading(text, i, state, numeric, sort) {
  const direction = state.column !== i ? "none" : state.down ? "descending" : "ascending";
  const mark = { none: "", ascending: " ▲", descending: " ▼" }[direction];
  return h("th", { scope: "col", "aria-sort": direction, class: numeric ? "number" : null }, h("button", { type: "button", onclick: () => sort(i) }, text, mark));
}

function row(cells, block, place, numeric) {
  const header = block.row_header_column_index ?? 0;
  return h("tr", null, cells.map((c, i) => h(i === header ? "th" : "td", { scope: i === header ? "row" : null, class: numeric[i] ? "number" : null }, cell(c, block, place))));
}

function pager(page, pages, open) {
  const step = (to, label, mark) => h("button", { type: "button", class: "button small", disabled: to < 0 || to >= pages, "aria-label": label, onclick: () => open(to) }, mark);
  return h("div", { class: "pager" }, step(page - 1, "Previous page", "‹"), h("span", { class: "faint" }, `${page + 1} of ${pages}`), step(page + 1, "Next page", "›"));
}

/** table renders the older table block. */
export function table(block) {
  const align = (i) => block.column_settings?.[i]?.align || "left";
  const rows = (block.rows || []).map((r, n) => h("tr", null, r.map((c, i) => h(n ? "td" : "th", { style: { "text-align": align(i) } }, cell(c)))));
  return h("div", { class: "table-scroll" }, h("table", { class: "table" }, h("tbody", null, rows)));
}
