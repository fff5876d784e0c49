// Input blocks: a label, a control, a hint, and what is wrong with it.

import { act } from "./api.js";
import { control } from "./controls.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { decode, plain } from "./mrkdwn.js";
import { redraw } from "./redraw.js";
import { send, target } from "./elements.js";
import { setValue, valueOf } from "./values.js";

const grouped = new Set(["checkboxes", "radio_buttons"]);

/** field draws an input block. */
export function field(block, place) {
  const e = block.element || {};
  const id = `f-${place.view?.id || place.ts}-${block.block_id}`.replace(/[^\w-]/g, "_");
  const error = place.errors?.[block.block_id];
  const label = decode(block.label?.text || "");
  const change = (value, final) => {
    setValue(place, block, e, value);
    if (place.errors) delete place.errors[block.block_id];
    redraw();
    if (final && block.dispatch_action) send(e, block, place, value);
  };
  const enter = block.dispatch_action ? (value) => act("select", { ...target(block, e, place), value }) : null;
  const describedBy = [block.hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || null;
  const how = { id, label, describedBy, invalid: Boolean(error), value: valueOf(place, block, e), change, enter, clearable: block.optional, focus: e.focus_on_load, testid: `input-${block.block_id}` };
  return h(
    "div",
    { class: ["field", error && "wrong"], role: grouped.has(e.type) ? "group" : null, "aria-labelledby": grouped.has(e.type) ? `${id}-label` : null },
    h("label", { for: id, id: `${id}-label`, class: "field-label" }, plain(block.label?.text || ""), block.optional && h("span", { class: "faint" }, " (optional)")),
    h("div", { class: "control", "data-key": "control" }, control(e, how)),
    error && h("p", { class: "field-error", id: `${id}-error`, role: "alert", "data-testid": "field-error" }, icon("warning", "small"), error),
    block.hint && h("p", { class: "faint", id: `${id}-hint` }, plain(block.hint.text)),
  );
}
