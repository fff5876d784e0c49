// What has been entered into the elements of messages and views and not yet been sent: by message or view, block and action.

import { world } from "./store.js";

const typed = new Map();

const container = (place) => place.view?.id || `${place.channel}/${place.ts}`;
const key = (block, e) => `${block.block_id || ""} ${e.action_id || ""}`;

/** setValue remembers what was entered: a string, a number (datetimepicker), or a list of strings. */
export function setValue(place, block, e, value) {
  const at = container(place);
  if (!typed.has(at)) typed.set(at, new Map());
  typed.get(at).set(key(block, e), value);
}

/** valueOf is what an element shows: what was entered, else what the workspace holds, else what the app began with. */
export function valueOf(place, block, e) {
  const local = typed.get(container(place))?.get(key(block, e));
  if (local !== undefined) return local;
  const held = place.view?.state?.values?.[block.block_id]?.[e.action_id];
  const value = held && heldValue(held);
  return value === undefined || value === null ? initialValue(e) : value;
}

/** forget drops what was entered into views that are gone. */
export function forget() {
  const open = new Set(world.views.map((v) => v.id));
  for (const at of typed.keys()) if (at.startsWith("V") && !at.includes("/") && !open.has(at)) typed.delete(at);
}

const valueKeys = [
  "value", "selected_option", "selected_options", "selected_user", "selected_users", "selected_conversation", "selected_conversations",
  "selected_channel", "selected_channels", "selected_date", "selected_time", "selected_date_time", "rich_text_value",
];

function heldValue(state) {
  const name = valueKeys.find((k) => state[k] !== undefined && state[k] !== null);
  return name && simple(state[name]);
}

function initialValue(e) {
  const name = Object.keys(e).find((k) => k.startsWith("initial_"));
  return name ? simple(e[name]) : undefined;
}

function simple(value) {
  if (Array.isArray(value)) return value.map(simple);
  if (value && typeof value === "object" && "value" in value) return value.value;
  return value;
}

/** valuesOf gathers all inputs of a view as the control API takes them: {block_id: {action_id: value}}. */
export function valuesOf(view) {
  const out = {};
  for (const block of view.view.blocks || []) {
    const e = block.type === "input" && block.element;
    if (!e) continue;
    const value = valueOf({ view }, block, e);
    if (value === undefined || value === "" || (Array.isArray(value) && !value.length)) continue;
    out[block.block_id] = { ...out[block.block_id], [e.action_id]: value };
  }
  return out;
}
