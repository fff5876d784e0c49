// Short notes at the bottom of the page. An error stays until it is dismissed or read for a while.

import { $, h } from "./dom.js";
import { icon } from "./icons.js";

/** toast shows a note; kind "error" or "info". */
export function toast(text, { kind = "info", detail = "" } = {}) {
  const note = h(
    "div",
    { class: ["toast", kind], role: kind === "error" ? "alert" : null, "data-testid": `toast-${kind}` },
    icon(kind === "error" ? "warning" : "info"),
    h("div", { class: "toast-text" }, h("p", null, text), detail && h("p", { class: "faint" }, detail)),
    h("button", { class: "icon-button", type: "button", "aria-label": "Dismiss", onclick: () => note.remove() }, icon("close")),
  );
  $("toasts").append(note);
  while ($("toasts").children.length > 4) $("toasts").firstChild.remove();
  setTimeout(() => note.remove(), kind === "error" ? 12000 : 4500);
}
