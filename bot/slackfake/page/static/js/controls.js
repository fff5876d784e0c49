// The inputs of Block Kit as controls: each shows a value and says when a person changes it. What happens then is the caller's.

import { face } from "./avatar.js";
import { fromLocalInput, localInput } from "./dates.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { decode, emojis, plain } from "./mrkdwn.js";
import { textObject } from "./blocks.js";
import { pick } from "./popover.js";
import { me, ui } from "./route.js";
import { channel, displayName, isDirect, person, placesOf, world } from "./store.js";

/**
 * control draws element e. how: {value, change(value, final), id, label, describedBy, invalid, enter}. final is true when the person is
 * done with it, which is when an app that asked for it is told.
 */
export function control(e, how) {
  const draw = kinds[e.type];
  return draw ? draw(e, how) : h("span", { class: "faint" }, `This page has no control for “${e.type}”.`);
}

/** isControl says whether an element type is drawn here. */
export const isControl = (type) => Boolean(kinds[type]);

const hint = (e) => decode(e.placeholder?.text || "");

const aria = (how) => ({
  id: how.id, "aria-label": how.id ? null : how.label, "aria-describedby": how.describedBy, "aria-invalid": how.invalid ? "true" : null,
  "data-testid": how.testid, "data-autofocus": how.focus ? "true" : null,
});

function text(type) {
  return (e, how) => {
    const props = {
      ...aria(how), class: "input", value: how.value ?? "", placeholder: hint(e), maxlength: e.max_length, minlength: e.min_length,
      oninput: (ev) => how.change(ev.target.value, false), onchange: (ev) => how.change(ev.target.value, !how.enter),
      onkeydown: (ev) => ev.key === "Enter" && how.enter && !(e.multiline && !ev.ctrlKey) && (ev.preventDefault(), how.enter(ev.target.value)),
    };
    const field = e.multiline ? h("textarea", { ...props, rows: "4" }) : h("input", { ...props, type, min: e.min_value, max: e.max_value, step: e.is_decimal_allowed ? "any" : null, inputmode: type === "number" ? "decimal" : null });
    if (!e.max_length) return field;
    const left = e.max_length - [...String(how.value ?? "")].length;
    return h("div", { class: "counted" }, field, left <= Math.max(20, e.max_length / 10) && h("span", { class: "counter", "aria-hidden": "true" }, String(left)));
  };
}

// shown is what a closed select says.
function chooser(e, how, { options, multi, describe }) {
  const values = multi ? how.value || [] : how.value ? [how.value] : [];
  const many = values.map((v) => h("span", { class: multi ? "chip" : "chosen" }, describe(v)));
  let latest = how.value;
  const open = (event) =>
    pick(event.currentTarget, {
      find: options, selected: multi ? values : how.value, multi, label: how.label || hint(e) || "Choose",
      search: options("").length > 7,
      onPick: (value) => {
        if (multi && e.max_selected_items && value.length > e.max_selected_items) value = value.slice(-e.max_selected_items);
        latest = value;
        how.change(value, !multi);
      },
      onClose: () => multi && latest !== how.value && how.change(latest, true),
    });
  return h(
    "div",
    { class: "select-box" },
    h(
      "button",
      { ...aria(how), type: "button", class: ["select", !values.length && "unset"], "aria-haspopup": "listbox", "aria-expanded": "false", onclick: open },
      h("span", { class: "select-value" }, values.length ? many : hint(e) || "Choose an option"),
      icon("chevron", "small"),
    ),
    !multi && how.value && how.clearable && h("button", { type: "button", class: "icon-button clear", "aria-label": "Clear", onclick: () => how.change("", true) }, icon("close", "small")),
  );
}

const flat = (e) => e.options || (e.option_groups || []).flatMap((g) => g.options.map((o) => ({ ...o, group: decode(g.label?.text) })));

function optionSelect(multi) {
  return (e, how) => {
    const all = flat(e).map((o) => ({ value: o.value, label: decode(o.text.text), node: textObject(o.text), description: decode(o.description?.text || ""), group: o.group }));
    return chooser(e, how, {
      multi,
      options: (text) => all.filter((o) => o.label.toLowerCase().includes(text)),
      describe: (v) => emojis(all.find((o) => o.value === v)?.label ?? v),
    });
  };
}

/** peopleMatching lists options for people; those whose handle or name begins with text come first. wide finds titles and departments too. */
export function peopleMatching(text, keep = () => true, { limit = 60, wide = true } = {}) {
  const first = [];
  const rest = [];
  for (const u of world.people) {
    if (u.deleted || !keep(u)) continue;
    const name = displayName(u).toLowerCase();
    if (u.name.startsWith(text) || name.startsWith(text)) first.push(u);
    else if (rest.length < limit && (name.includes(wide ? text : ` ${text}`) || (wide && `${u.title} ${u.department}`.toLowerCase().includes(text)))) rest.push(u);
    if (first.length >= limit) break;
  }
  return [...first, ...rest].slice(0, limit).map((u) => ({
    value: u.id, label: displayName(u), node: h("span", { class: "face" }, face(u, 22)), description: [u.title, u.department].filter(Boolean).join(" · "),
  }));
}

const userSelect = (multi) => (e, how) => chooser(e, how, { multi, options: (t) => peopleMatching(t), describe: (v) => displayName(person(v)) });

const isApp = (id) => Number(id === world.app.bot_user);

/** placeName is what a conversation is called by a person who is in it. */
export function placeName(c) {
  if (!c) return "unknown";
  if (!isDirect(c)) return c.name;
  const others = c.members.filter((id) => id !== ui.as).sort((a, b) => isApp(a) - isApp(b));
  if (others.length === 1) return displayName(person(others[0]));
  return (others.length ? others : c.members).map((id) => displayName(person(id)).split(" ")[0]).join(", ");
}

/** placeMatching lists options for conversations. */
export function placeMatching(text, places) {
  return places
    .filter((c) => placeName(c).toLowerCase().includes(text))
    .map((c) => ({ value: c.id, label: placeName(c), node: [c.kind === "private" ? icon("lock", "small") : isDirect(c) ? icon("chat", "small") : "# ", placeName(c)], description: c.topic }));
}

function conversationSelect(multi) {
  return (e, how) => {
    const kinds = e.filter?.include || ["public", "private", "im", "mpim"];
    const ok = (c) => kinds.includes(c.kind) && !(e.filter?.exclude_external_shared_channels && c.is_ext_shared) && !(e.filter?.exclude_bot_users && c.kind === "im" && c.members.some((id) => person(id)?.is_bot));
    const places = () => [...new Set([...placesOf(ui.as), ...world.channels.filter((c) => c.kind === "public")])].filter(ok);
    return chooser(e, how, { multi, options: (t) => placeMatching(t, places()), describe: (v) => placeName(channel(v)) });
  };
}

const channelSelect = (multi) => (e, how) =>
  chooser(e, how, { multi, options: (t) => placeMatching(t, world.channels.filter((c) => c.kind === "public" && !c.is_archived)), describe: (v) => placeName(channel(v)) });

function instant(e, how) {
  const value = how.value ? localInput(Number(how.value) * 1000, me()) : "";
  return h("input", { ...aria(how), type: "datetime-local", class: "input short", value, onchange: (ev) => how.change(ev.target.value ? Math.floor(fromLocalInput(ev.target.value, me()) / 1000) : "", true) });
}

const native = (type) => (e, how) => h("input", { ...aria(how), type, class: "input short", value: how.value ?? "", onchange: (ev) => how.change(ev.target.value, true) });

function choices(type) {
  return (e, how) => {
    const chosen = type === "checkbox" ? how.value || [] : how.value ? [how.value] : [];
    const name = `${how.id || e.action_id}-${type}`;
    const change = (value, on) => {
      if (type === "radio") how.change(value, true);
      else how.change((e.options || []).map((o) => o.value).filter((v) => (v === value ? on : chosen.includes(v))), true);
    };
    return h(
      "div",
      { class: "choices", role: type === "radio" ? "radiogroup" : "group", ...aria(how) },
      (e.options || []).map((o) =>
        h(
          "label",
          { class: "choice" },
          h("input", { type, name, value: o.value, checked: chosen.includes(o.value), onchange: (ev) => change(o.value, ev.target.checked) }),
          h("span", null, textObject(o.text), o.description && h("span", { class: "faint block" }, textObject(o.description))),
        ),
      ),
    );
  };
}

const kinds = {
  plain_text_input: text("text"), email_text_input: text("email"), url_text_input: text("url"), number_input: text("number"),
  rich_text_input: (e, how) => text("text")({ ...e, multiline: true }, { ...how, value: typeof how.value === "string" ? how.value : "" }),
  static_select: optionSelect(false), multi_static_select: optionSelect(true), users_select: userSelect(false), multi_users_select: userSelect(true),
  conversations_select: conversationSelect(false), multi_conversations_select: conversationSelect(true),
  channels_select: channelSelect(false), multi_channels_select: channelSelect(true),
  datepicker: native("date"), timepicker: native("time"), datetimepicker: instant, checkboxes: choices("checkbox"), radio_buttons: choices("radio"),
};

/** optionText is an option's label as nodes. */
export const optionText = (o) => plain(o.text?.text);
