// Windows of the page itself (not of the app): confirmations, raw JSON. And the focus trap that all windows use.

import { $, h, uid } from "./dom.js";
import { icon } from "./icons.js";

const reachable = "a[href],button:not([disabled]),input:not([disabled]),textarea:not([disabled]),select:not([disabled]),[tabindex='0']";

/** trap keeps Tab inside node; use it as its keydown listener. */
export function trap(event, node, onEscape) {
  if (event.key === "Escape") {
    event.stopPropagation();
    onEscape?.();
    return;
  }
  if (event.key !== "Tab") return;
  const stops = [...node.querySelectorAll(reachable)].filter((x) => x.offsetParent !== null);
  if (!stops.length) return;
  const [first, last] = [stops[0], stops.at(-1)];
  if (event.shiftKey && document.activeElement === first) {
    event.preventDefault();
    last.focus();
  } else if (!event.shiftKey && document.activeElement === last) {
    event.preventDefault();
    first.focus();
  }
}

/** ask shows a dialog and resolves to true when it was confirmed. */
export function ask({ title, body, confirm = "OK", deny = "Cancel", danger = false }) {
  return new Promise((resolve) => {
    const back = document.activeElement;
    const id = uid("dialog");
    const done = (answer) => {
      shade.remove();
      back?.focus?.();
      resolve(answer);
    };
    const yes = h("button", { type: "button", class: ["button", danger ? "danger" : "primary"], "data-testid": "dialog-confirm", onclick: () => done(true) }, confirm);
    const box = h(
      "div",
      { class: "dialog", role: "alertdialog", "aria-modal": "true", "aria-labelledby": id, "data-testid": "dialog", onkeydown: (e) => trap(e, box, () => done(false)) },
      h("div", { class: "dialog-head" }, h("h2", { id }, title), h("button", { type: "button", class: "icon-button", "aria-label": "Close", onclick: () => done(false) }, icon("close"))),
      h("div", { class: "dialog-body" }, body),
      h("div", { class: "dialog-foot" }, deny && h("button", { type: "button", class: "button", onclick: () => done(false) }, deny), yes),
    );
    const shade = h("div", { class: "shade top" }, box);
    $("overlay").append(shade);
    yes.focus();
  });
}

/** json renders any value readably; strings keep their line breaks. */
export function json(value, depth = 0) {
  if (value === null || typeof value !== "object") return h("span", { class: `j-${value === null ? "null" : typeof value}` }, JSON.stringify(value) ?? "");
  const list = Array.isArray(value);
  const entries = Object.entries(value);
  if (!entries.length) return h("span", { class: "j-null" }, list ? "[]" : "{}");
  const short = list ? `[ ${entries.length} ]` : `{ ${entries.map(([k]) => k).slice(0, 4).join(", ")}${entries.length > 4 ? ", …" : ""} }`;
  const rows = entries.map(([k, v]) => h("div", { class: "j-row" }, !list && h("span", { class: "j-key" }, k), !list && ": ", json(v, depth + 1)));
  return h("details", { class: "j-tree", open: depth < 3 && entries.length < 40 }, h("summary", null, short), rows);
}
