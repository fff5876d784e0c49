// The inspector: every payload in both directions and how long it took, the rules that were broken, and faults to order.

import { act, get } from "./api.js";
import { part } from "./dates.js";
import { json } from "./dialog.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { redraw } from "./redraw.js";
import { ui } from "./route.js";
import { onChange, world } from "./store.js";

const most = 400;
let entries = [];
let last = 0;
let tab = "payloads";
let only = "all";
let faults = [];
const open = new Set();
let reading = false;

onChange((what) => {
  if (ui.panel !== "inspector") return;
  if (what.has("journal") || what.has("all")) read();
  if (what.has("faults")) readFaults();
});

/** startInspector reads what there is; call it when the panel opens. */
export function startInspector() {
  read();
  readFaults();
}

async function read() {
  if (reading) return;
  reading = true;
  try {
    const fresh = await get(`journal?after=${last}`);
    if (fresh.length) {
      last = fresh.at(-1).seq;
      entries = [...entries, ...fresh].slice(-most);
      redraw();
    }
  } catch {
    // the page already says that the server does not answer
  }
  reading = false;
}

async function readFaults() {
  faults = (await get("faults").catch(() => ({}))).faults || [];
  redraw();
}

/** drawInspector draws the panel. */
export function drawInspector(head) {
  const tabs = [["payloads", "Payloads"], ["rules", `Rules${world.broken.length ? ` (${world.broken.length})` : ""}`], ["faults", "Break something"]];
  return [
    head("Inspector", `${world.app.name}: ${world.app.connections || 0} open ${world.app.connections === 1 ? "connection" : "connections"}`),
    h("div", { class: "tabs", role: "tablist" }, tabs.map(([id, label]) => h("button", { type: "button", role: "tab", class: ["tab", id === "rules" && world.broken.length && "alarm"], "aria-selected": String(tab === id), "data-testid": `inspector-${id}`, onclick: () => ((tab = id), redraw()) }, label))),
    h("div", { class: "log inspector-body", tabindex: "0" }, { payloads, rules, faults: faultsTab }[tab]()),
  ];
}

const groups = { all: () => true, "to app": (e) => e.direction === "to_app", "from app": (e) => e.direction === "from_app", slow: (e) => e.ms >= 500, failed };

function failed(e) {
  return e.status >= 400 || e.response?.ok === false;
}

function payloads() {
  const list = entries.filter(groups[only]).toReversed();
  return [
    h(
      "div",
      { class: "filters", role: "group", "aria-label": "Which payloads" },
      Object.keys(groups).map((name) => h("button", { type: "button", class: ["pill", only === name && "on"], "aria-pressed": String(only === name), onclick: () => ((only = name), redraw()) }, name)),
      h("button", { type: "button", class: "pill", onclick: () => ((entries = []), redraw()) }, "clear"),
    ),
    list.length ? h("ol", { class: "payloads", "data-testid": "payloads" }, list.map(payload)) : h("p", { class: "empty" }, "Nothing has been said yet. Use the app, and its payloads appear here."),
  ];
}

function payload(e) {
  const isOpen = open.has(e.seq);
  const out = e.direction === "to_app";
  return h(
    "li",
    { class: ["payload", out ? "out" : "in", failed(e) && "failed"], "data-key": String(e.seq), "data-testid": "payload", "data-kind": e.kind, "data-name": e.name },
    h(
      "button",
      { type: "button", class: "payload-line", "aria-expanded": String(isOpen), onclick: () => (isOpen ? open.delete(e.seq) : open.add(e.seq), redraw()) },
      h("span", { class: "arrow", title: out ? "to the app" : "from the app" }, out ? "→" : "←"),
      h("span", { class: "payload-name" }, h("b", null, e.name || e.kind), h("span", { class: "faint" }, `${e.kind.replace("_", " ")} · ${part(Date.parse(e.at), { hour: "2-digit", minute: "2-digit", second: "2-digit" })}`)),
      failed(e) && h("span", { class: "pill bad" }, String(e.response?.error || e.status)),
      h("span", { class: ["ms", e.ms < 100 ? "good" : e.ms < 1000 ? "fair" : "bad"], "data-testid": "ms" }, `${e.ms} ms`),
    ),
    isOpen && h("div", { class: "json" }, h("h4", null, out ? "Payload" : "Request"), json(e.request), h("h4", null, out ? "Acknowledgement" : "Answer"), json(e.response)),
  );
}

const meaning = {
  unacknowledged: "An envelope was not acknowledged within 3 seconds.", over_limit: "A message or view over one of Slack's limits was sent.",
  sent_twice: "The same message stands twice in a conversation.", rate_limit: "A method was called again before Retry-After had passed.",
};

function rules() {
  if (!world.broken.length) return h("div", { class: "empty" }, icon("check"), h("p", null, "No rule has been broken."), h("p", { class: "faint" }, "Watched: 3 seconds to acknowledge, Slack's limits, nothing twice, rate limits."));
  return h("ol", { class: "rules", "data-testid": "broken-list" }, world.broken.toReversed().map((b) => h("li", null, h("b", null, meaning[b.rule] || b.rule), h("p", null, b.detail), h("p", { class: "faint" }, part(Date.parse(b.at), { dateStyle: "medium", timeStyle: "medium" })))));
}

const breakages = [
  ["The next post is refused (429, 30 s)", { method: "chat.postMessage", kind: "429", retry_after: 30, count: 1 }],
  ["The next post fails (500)", { method: "chat.postMessage", kind: "500", count: 1 }],
  ["The next post arrives, but the answer is lost", { method: "chat.postMessage", kind: "reset_after", count: 1 }],
  ["All calls take 300 ms longer", { method: "*", kind: "delay", delay_ms: 300, count: 0 }],
  ["The next command comes twice", { kind: "duplicate", envelope: "slash_commands", count: 1 }],
  ["The next click comes 2 s late", { kind: "late", envelope: "interactive", delay_ms: 2000, count: 1 }],
  ["The next acknowledgement is lost", { kind: "drop_ack", envelope: "*", count: 1 }],
  ["Cut all connections", { kind: "disconnect", reason: "reset", count: 0 }],
  ["Refresh a connection, with a warning", { kind: "disconnect", reason: "warning", count: 1 }],
];

function faultsTab() {
  const order = async (body) => {
    await act("faults", body);
    readFaults();
  };
  return h(
    "div",
    { class: "faults" },
    h("p", { class: "faint" }, "What goes wrong with real networks, on purpose. The app should lose nothing and say nothing twice."),
    h("ul", null, breakages.map(([label, body]) => h("li", null, h("button", { type: "button", class: "button", onclick: () => order(body) }, icon("bolt", "small"), label)))),
    h("h4", null, faults.length ? "In force" : "Nothing is in force"),
    faults.map((f) => h("div", { class: "json" }, json(f))),
    faults.length > 0 && h("button", { type: "button", class: "button danger", onclick: () => order({ clear: true }) }, "Clear all"),
  );
}
