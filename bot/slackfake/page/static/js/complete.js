// What the composer offers while somebody types: commands, people and groups, channels, emoji.

import { avatar, badge } from "./avatar.js";
import { h } from "./dom.js";
import { emoji, emojiNames } from "./emoji.js";
import { icon } from "./icons.js";
import { peopleMatching } from "./controls.js";
import { person, world } from "./store.js";
import { ui } from "./route.js";

/**
 * suggestions returns what fits the word before the caret: {from, items:[{insert, node, description}]}, or null. Commands are offered
 * at the beginning of the text only.
 */
export function suggestions(text, caret) {
  const before = text.slice(0, caret);
  const command = /^\/([\w-]*)$/.exec(before);
  if (command) return some(0, commands(command[1].toLowerCase()));
  const word = /(^|[\s(,&])([@#:])([\p{L}\p{N}._+-]*)$/u.exec(before);
  if (!word) return null;
  const from = before.length - word[3].length - 1;
  const typed = word[3].toLowerCase();
  if (word[2] === "@") return some(from, mentions(typed));
  if (word[2] === "#") return some(from, channels(typed));
  return typed.length > 1 ? some(from, emojiNames(typed).map((n) => ({ insert: `:${n}: `, node: [h("span", { class: "emoji" }, emoji(n)), ` :${n}:`] }))) : null;
}

const some = (from, items) => (items.length ? { from, items: items.slice(0, 8) } : null);

// What the workspace itself understands, as Slack does.
const builtIn = [{ command: "/invite", usage_hint: "@someone", description: "Add a person or the app to this channel" }];

function commands(typed) {
  return [...(world.app.commands || []), ...builtIn]
    .filter((c) => c.command.slice(1).startsWith(typed))
    .map((c) => ({ insert: `${c.command} `, node: [h("b", null, c.command), c.usage_hint && h("span", { class: "hint" }, ` ${c.usage_hint}`)], description: c.description, command: c.command }));
}

function mentions(typed) {
  const people = peopleMatching(typed, (u) => u.id !== ui.as || typed !== "", { limit: 8, wide: false }).map((o) => {
    const u = person(o.value);
    return { insert: `@${u.name} `, node: [avatar(u, 20), h("b", null, u.real_name), h("span", { class: "hint" }, u.name), badge(u)], description: o.description };
  });
  const groups = (world.groups || [])
    .filter((g) => !g.disabled && typed && (g.handle.startsWith(typed) || g.name.toLowerCase().startsWith(typed)))
    .map((g) => ({ insert: `@${g.handle} `, node: [icon("people", "small"), h("b", null, `@${g.handle}`)], description: `${g.name} · ${g.users.length} people` }));
  const all = ["here", "channel"].filter((w) => typed && w.startsWith(typed)).map((w) => ({ insert: `@${w} `, node: [icon("at", "small"), h("b", null, `@${w}`)], description: "Notifies everyone here" }));
  return [...people.slice(0, 6), ...groups, ...all];
}

function channels(typed) {
  return world.channels
    .filter((c) => c.name && !c.is_archived && (c.kind === "public" || (c.kind === "private" && c.members.includes(ui.as))) && c.name.includes(typed))
    .sort((a, b) => b.name.startsWith(typed) - a.name.startsWith(typed))
    .map((c) => ({ insert: `#${c.name} `, node: [c.kind === "private" ? icon("lock", "small") : "#", h("b", null, c.name)], description: c.topic }));
}

/** usageOf is the hint for a command whose arguments are being typed. */
export function usageOf(text) {
  const m = /^(\/[\w-]+)\s/.exec(text);
  return m && [...(world.app.commands || []), ...builtIn].find((c) => c.command === m[1]);
}
