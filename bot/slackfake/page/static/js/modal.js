// The app's modals: a stack per person, inputs, validation errors. Only the top one can be used.

import { act, explain } from "./api.js";
import { avatar } from "./avatar.js";
import { blocks } from "./blocks.js";
import { trap } from "./dialog.js";
import { $, h, show } from "./dom.js";
import { icon } from "./icons.js";
import { decode } from "./mrkdwn.js";
import { redraw } from "./redraw.js";
import { here, ui } from "./route.js";
import { botUser, modalsOf, refresh, world } from "./store.js";
import { toast } from "./toast.js";
import { forget, setValue, valueOf, valuesOf } from "./values.js";

let focused = "";
let returnTo = null;
let busy = "";
const errors = new Map(); // by view id: what is wrong, as far as the person has not changed it since

/** drawModals draws the person's modals. */
export function drawModals() {
  const stack = modalsOf(ui.as);
  forget();
  const top = stack.at(-1);
  if (top && !focused) returnTo = document.activeElement;
  show($("modals"), stack.length > 0 && h("div", { class: "shade", "data-testid": "modal-shade" }, stack.map((v, i) => modal(v, stack.length - 1 - i, i > 0))));
  $("app").inert = stack.length > 0;
  if (top && focused !== top.id) {
    settleDefaults(top);
    focusFirst();
  }
  if (!top && focused) returnTo?.focus?.();
  focused = top?.id || "";
}

// A conversation select may begin with the conversation that the modal was opened from.
function settleDefaults(v) {
  for (const block of v.view.blocks || []) {
    const e = block.element;
    if (!e?.default_to_current_conversation || valueOf({ view: v }, block, e) || !here()) continue;
    setValue({ view: v }, block, e, e.type.startsWith("multi") ? [here().id] : here().id);
    redraw();
  }
}

function focusFirst() {
  const box = $("modals").querySelector(".modal.top");
  const field = box?.querySelector("[data-autofocus]") || box?.querySelector(".modal-body :is(input,textarea,button.select)") || box?.querySelector(".modal-foot .primary, .modal-head button");
  field?.focus();
}

function errorsOf(v) {
  const known = JSON.stringify(v.errors || null);
  const held = errors.get(v.id);
  if (held?.known === known) return held.left;
  const left = { ...v.errors };
  errors.set(v.id, { known, left });
  return left;
}

function modal(v, below, onOther) {
  const view = v.view;
  const top = below === 0;
  const close = (clear) => act("close", { user: ui.as, view_id: v.id, clear });
  const place = { view: v, errors: errorsOf(v) };
  const title = decode(view.title?.text || "");
  return h(
    "form",
    {
      class: ["modal", top ? "top" : `below-${Math.min(below, 2)}`], "data-key": v.id, "data-view-id": v.id, "data-callback": v.callback_id, "data-testid": top ? "modal" : "modal-below",
      role: "dialog", "aria-modal": top ? "true" : null, "aria-labelledby": `title-${v.id}`, inert: !top, novalidate: true,
      onsubmit: (e) => (e.preventDefault(), top && submit(v)),
      onkeydown: (e) => top && trap(e, e.currentTarget, () => close(false)),
    },
    h(
      "div",
      { class: "modal-head" },
      onOther ? h("button", { type: "button", class: "icon-button", "aria-label": "Back", "data-testid": top && "modal-back", onclick: () => close(false) }, icon("back")) : avatar(botUser(), 30),
      h("h2", { id: `title-${v.id}` }, title),
      h("button", { type: "button", class: "icon-button", "aria-label": "Close", "data-testid": top && "modal-close", onclick: () => close(onOther) }, icon("close")),
    ),
    h("div", { class: "modal-body blocks" }, blocks(view.blocks, place)),
    h(
      "div",
      { class: "modal-foot" },
      h("span", { class: "faint grow" }, world.app.name),
      h("button", { type: "button", class: "button", "data-testid": top && "modal-cancel", onclick: () => close(false) }, decode(view.close?.text || (view.submit ? "Cancel" : "Close"))),
      view.submit && h("button", { type: "submit", class: "button primary", "data-testid": top && "modal-submit", disabled: busy === v.id || view.submit_disabled }, busy === v.id ? "…" : decode(view.submit.text)),
    ),
  );
}

async function submit(v) {
  if (busy) return;
  busy = v.id;
  errors.delete(v.id);
  redraw();
  const result = await act("submit", { user: ui.as, view_id: v.id, values: valuesOf(v) }, { quiet: true });
  busy = "";
  await refresh();
  if (result.error && result.error !== "invalid_input") toast(explain(result.error), { kind: "error", detail: "submit" });
  redraw();
  setTimeout(focusError, 30);
}

function focusError() {
  const wrong = $("modals").querySelector(".modal.top .field.wrong :is(input,textarea,button)");
  wrong?.focus();
  wrong?.scrollIntoView({ block: "center" });
}
