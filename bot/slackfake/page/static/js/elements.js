// Elements that act at once: buttons, menus, and selects outside of inputs. Each use goes to the app through the control API.

import { act } from "./api.js";
import { picture, textObject } from "./blocks.js";
import { control, isControl } from "./controls.js";
import { ask } from "./dialog.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { openAddress } from "./links.js";
import { decode } from "./mrkdwn.js";
import { menu } from "./popover.js";
import { redraw } from "./redraw.js";
import { ui } from "./route.js";
import { setValue, valueOf } from "./values.js";

/** element draws e, which stands in block; place is {channel, ts} or {view}. */
export function element(e, block, place) {
  if (e.type === "image") return picture(e, "thumb");
  if (e.type === "button" || e.type === "workflow_button") return button(e, block, place);
  if (e.type === "overflow") return overflow(e, block, place);
  if (e.type === "icon_button") return button({ ...e, style: "" }, block, place);
  if (e.type === "feedback_buttons") return [e.positive_button, e.negative_button].filter(Boolean).map((b) => button({ ...b, action_id: e.action_id }, block, place));
  if (isControl(e.type)) return live(e, block, place);
  return h("span", { class: "faint" }, `This page cannot draw “${e.type}”.`);
}

function button(e, block, place) {
  const label = e.accessibility_label || decode(e.text?.text || "");
  return h(
    "button",
    {
      type: "button", class: ["button", e.style, place.view ? "" : "in-message"], "aria-label": e.accessibility_label, "data-action-id": e.action_id, "data-label": label,
      onclick: (ev) => press(ev.currentTarget, e, block, place),
    },
    textObject(e.text),
    e.url && icon("link", "small"),
  );
}

async function press(node, e, block, place) {
  if (!(await confirmed(e))) return;
  if (e.url) openAddress(e.url);
  node.classList.add("waiting");
  await act("click", { ...target(block, e, place), value: e.value });
  node.classList.remove("waiting");
}

function overflow(e, block, place) {
  const items = (e.options || []).map((o) => ({
    label: textObject(o.text), description: decode(o.description?.text || ""),
    run: async () => {
      if (!(await confirmed(e))) return;
      if (o.url) openAddress(o.url);
      await act("select", { ...target(block, e, place), option: o.value });
    },
  }));
  return h("button", { type: "button", class: "icon-button overflow", "aria-label": "More actions", "aria-haspopup": "menu", "aria-expanded": "false", "data-action-id": e.action_id, onclick: (ev) => menu(ev.currentTarget, items, "overflow") }, icon("dots"));
}

function live(e, block, place) {
  return h(
    "div",
    { class: "live", "data-action-id": e.action_id },
    control(e, {
      value: valueOf(place, block, e), label: decode(e.placeholder?.text || block.text?.text || e.action_id),
      change: async (value, final) => {
        const before = valueOf(place, block, e);
        setValue(place, block, e, value);
        redraw();
        if (final && !(await send(e, block, place, value))) {
          setValue(place, block, e, before);
          redraw();
        }
      },
    }),
  );
}

/** send tells the app what was selected; false if the person thought better of it. */
export async function send(e, block, place, value) {
  if (!(await confirmed(e))) return false;
  await act("select", { ...target(block, e, place), ...selection(e, value) });
  return true;
}

function selection(e, value) {
  const names = {
    static_select: "option", external_select: "option", radio_buttons: "option", multi_static_select: "options", multi_external_select: "options", checkboxes: "options",
    users_select: "person", multi_users_select: "users", conversations_select: "conversation", multi_conversations_select: "conversations",
    channels_select: "channel_id", multi_channels_select: "channels", datepicker: "date", timepicker: "time", datetimepicker: "datetime",
  };
  return { [names[e.type] || "value"]: value };
}

/** target says which element of which message or view a person uses. */
export function target(block, e, place) {
  const common = { user: ui.as, action_id: e.action_id, block_id: block.block_id };
  return place.view ? { ...common, view_id: place.view.id } : { ...common, channel: place.channel, ts: place.ts };
}

async function confirmed(e) {
  const c = e.confirm;
  if (!c) return true;
  return ask({ title: decode(c.title?.text), body: textObject(c.text), confirm: decode(c.confirm?.text || "OK"), deny: decode(c.deny?.text || "Cancel"), danger: c.style === "danger" });
}
