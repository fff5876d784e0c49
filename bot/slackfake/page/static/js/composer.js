// Where a person writes: messages and slash commands, with completion.

import { act } from "./api.js";
import { suggestions, usageOf } from "./complete.js";
import { placeName } from "./controls.js";
import { $, announce, h, uid } from "./dom.js";
import { emoji, favourites } from "./emoji.js";
import { icon } from "./icons.js";
import { closePopover, menu, popover } from "./popover.js";
import { redraw } from "./redraw.js";
import { me, ui } from "./route.js";
import { displayName, person, world } from "./store.js";
import { toast } from "./toast.js";

const drafts = new Map();
const listID = uid("suggest");
let offer = null; // {box, from, items, active}
let lastAck = null;

/** composer draws the field for a place; channel is undefined in a DM that has no message yet, thread the ts of a thread or null. */
export function composer({ place, channel, thread }) {
  const key = `${ui.as}/${place}/${thread || ""}`;
  const id = thread ? "thread-composer" : "composer";
  const target = channel ? (channel.kind === "public" || channel.kind === "private" ? "#" + channel.name : placeName(channel)) : displayName(person(place?.slice(1)));
  const box = { key, id, place: channel?.id || place, thread };
  const usage = usageOf(drafts.get(key) || "");
  return h(
    "form",
    { class: "composer", "data-key": `composer-${key}`, onsubmit: (e) => (e.preventDefault(), send(box)) },
    offer?.id === id && offerList(),
    usage && h("div", { class: "usage", "data-key": "usage", "data-testid": "usage" }, h("b", null, usage.command), " ", usage.usage_hint, h("span", { class: "faint" }, usage.description)),
    h("textarea", {
      "data-key": "text", id, rows: "1", class: "composer-text", placeholder: thread ? "Reply…" : `Message ${target}`, "aria-label": thread ? "Reply in thread" : `Message ${target}`, "data-testid": id,
      value: drafts.get(key) || "", role: "combobox", "aria-autocomplete": "list", "aria-expanded": String(offer?.id === id), "aria-controls": listID,
      "aria-activedescendant": offer?.id === id ? `${listID}-${offer.active}` : null,
      oninput: (e) => typed(box, e.target), onkeydown: (e) => keys(e, box),
      onkeypress: (e) => e.key === "Enter" && !e.shiftKey && e.preventDefault(), onblur: () => setTimeout(() => drop(id), 150),
    }),
    h(
      "div",
      { class: "composer-bar", "data-key": "bar" },
      !thread && tool("bolt", "Shortcuts", (e) => shortcuts(e.currentTarget), "shortcuts"),
      tool("smile", "Emoji", (e) => emojiPicker(e.currentTarget, box)),
      tool("at", "Mention someone", () => insert(box, "@")),
      h("span", { class: "grow" }),
      !thread && lastAck && h("span", { class: ["ack", ackClass(lastAck.ms)], "data-testid": "ack", title: "How long the app took to acknowledge" }, `${lastAck.command} acknowledged in ${lastAck.ms} ms`),
      h("button", { type: "submit", class: "icon-button send", "aria-label": "Send", "data-testid": thread ? "thread-send" : "send", disabled: !(drafts.get(key) || "").trim() }, icon("send")),
    ),
  );
}

const ackClass = (ms) => (ms < 100 ? "good" : ms < 1000 ? "fair" : "bad");

const tool = (name, label, run, testid) => h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, "data-testid": testid, "aria-expanded": "false", onclick: run }, icon(name));

function typed(box, field) {
  drafts.set(box.key, field.value);
  grow(field);
  const found = suggestions(field.value, field.selectionStart);
  offer = found && { id: box.id, box, active: 0, ...found };
  redraw();
}

function grow(field) {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, 220)}px`;
}

function drop(id) {
  if (offer?.id !== id) return;
  offer = null;
  redraw();
}

function offerList() {
  return h(
    "ul",
    { class: "suggest", "data-key": "suggest", id: listID, role: "listbox", "aria-label": "Suggestions", "data-testid": "suggest" },
    offer.items.map((item, i) =>
      h(
        "li",
        { id: `${listID}-${i}`, role: "option", "aria-selected": String(i === offer.active), class: i === offer.active ? "active" : null, onpointerdown: (e) => (e.preventDefault(), accept(i)) },
        h("span", { class: "suggest-main" }, item.node),
        item.description && h("span", { class: "faint" }, item.description),
      ),
    ),
  );
}

function accept(i) {
  const { box, from, items } = offer;
  const field = $(box.id);
  const text = field.value.slice(0, from) + items[i].insert + field.value.slice(field.selectionStart).replace(/^ /, "");
  const caret = from + items[i].insert.length;
  offer = null;
  write(box, field, text, caret);
}

function write(box, field, text, caret) {
  field.value = text;
  drafts.set(box.key, text);
  field.focus();
  field.setSelectionRange(caret, caret);
  grow(field);
  redraw();
}

function insert(box, mark) {
  const field = $(box.id);
  const at = field.selectionStart ?? field.value.length;
  const gap = at > 0 && !/\s$/.test(field.value.slice(0, at)) ? " " : "";
  write(box, field, field.value.slice(0, at) + gap + mark + field.value.slice(at), at + gap.length + mark.length);
  typed(box, field);
}

function keys(event, box) {
  if (event.isComposing) return;
  if (offer?.id === box.id && offerKeys(event)) return;
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    send(box);
  }
}

function offerKeys(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) offer.active = (offer.active + step + offer.items.length) % offer.items.length;
  else if (event.key === "Tab" || (event.key === "Enter" && !complete())) accept(offer.active);
  else if (event.key === "Escape") offer = null;
  else return false;
  event.preventDefault();
  event.stopPropagation();
  if (offer) announce(offer.items[offer.active].insert);
  redraw();
  return true;
}

// complete says that a command stands there in full, so that Enter sends it instead of completing it.
const complete = () => offer.items[offer.active].command === $(offer.id).value.trim();

async function send(box) {
  const field = $(box.id);
  const text = field.value.trim();
  if (!text) return;
  const command = /^(\/[a-z][\w-]*)(?:\s+([\s\S]*))?$/.exec(text);
  if (command && box.thread) {
    toast("Slash commands do not run inside threads. Use them in the channel.", { kind: "error" });
    return;
  }
  clear(box, field);
  const result = command ? await sendCommand(box, command) : await act("message", { user: ui.as, channel: box.place, text, ...(box.thread ? { thread_ts: box.thread } : {}) });
  if (result.error === "unknown_command" || (result.error && !command)) restore(box, text);
}

function clear(box, field) {
  field.value = "";
  drafts.delete(box.key);
  offer = null;
  grow(field);
  redraw();
}

function restore(box, text) {
  drafts.set(box.key, text);
  const field = $(box.id);
  if (field && !field.value) field.value = text;
  redraw();
}

async function sendCommand(box, [, name, text = ""]) {
  if (name === "/invite") return invite(box, text);
  const result = await act("command", { user: ui.as, channel: box.place, command: name, text });
  lastAck = result.acked ? { command: name, ms: result.ms } : null;
  redraw();
  return result;
}

async function invite(box, text) {
  let result = {};
  for (const handle of text.split(/[\s,]+/).filter(Boolean)) {
    result = await act("join", { user: handle, channel: box.place, by: ui.as });
    if (!result.error) toast(`${displayName(person(handle))} is in this channel now.`);
  }
  return result;
}

function shortcuts(anchor) {
  const global = (world.app.shortcuts || []).filter((s) => s.type === "global");
  const items = [
    ...global.map((s) => ({ label: s.name, icon: "bolt", description: world.app.name, testid: `shortcut-${s.callback_id}`, run: () => act("shortcut", { user: ui.as, callback_id: s.callback_id }) })),
    ...(global.length ? ["-"] : []),
    ...(world.app.commands || []).map((c) => ({ label: c.command, icon: "chat", description: c.description, run: () => start(c.command) })),
  ];
  menu(anchor, items.length ? items : [{ label: "This app has no shortcuts.", run: () => {} }], "shortcuts-menu");
}

/** start puts the beginning of a text into the composer and the cursor behind it. */
export function start(text) {
  const field = $("composer");
  if (!field) return;
  const key = field.closest("form").getAttribute("data-key").replace("composer-", "");
  write({ key, id: "composer" }, field, `${text} `, text.length + 1);
}

function emojiPicker(anchor, box) {
  const choose = (name) => {
    closePopover();
    insert(box, `:${name}: `);
  };
  const grid = favourites.map((name) => h("button", { type: "button", class: "emoji-button", "aria-label": name.replaceAll("_", " "), onclick: () => choose(name) }, emoji(name)));
  popover(anchor, h("div", { class: "emoji-grid", role: "group", "aria-label": "Emoji" }, grid))?.querySelector("button").focus();
}

/** focusComposer puts the cursor where the person writes, where that does not open a keyboard over a small screen. */
export function focusComposer() {
  if (innerWidth > 700 && me() && !ui.menuOpen) $("composer")?.focus({ preventScroll: true });
}

