// One message: who, when, what, reactions, its thread, and what can be done with it.

import { act } from "./api.js";
import { avatar, badge } from "./avatar.js";
import { blocks } from "./blocks.js";
import { clockTime, dayName, part, tsMs } from "./dates.js";
import { ask, json } from "./dialog.js";
import { h } from "./dom.js";
import { emojiNode, mrkdwn } from "./mrkdwn.js";
import { favourites } from "./emoji.js";
import { icon } from "./icons.js";
import { closePopover, menu, popover } from "./popover.js";
import { go, ui } from "./route.js";
import { channel, displayName, person, world } from "./store.js";
import { toast } from "./toast.js";

/**
 * message draws m. compact leaves out the face where the same person goes on; replies are the messages of its thread (in a channel);
 * inThread says that it stands in the thread's own column.
 */
export function message(m, { compact = false, replies = [], inThread = false } = {}) {
  if (m.subtype === "channel_join" || m.subtype === "channel_leave") return joined(m);
  const author = person(m.user);
  const name = displayName(author) || m.user;
  const app = Boolean(m.bot_id || author?.is_bot);
  return h(
    "li",
    {
      class: ["message", compact && "compact", m.ephemeral_to && "ephemeral", m.ts === ui.message && "linked"], "data-key": m.ts, "data-testid": "message",
      "data-ts": m.ts, "data-from": author?.name || m.user, tabindex: "-1",
    },
    h("div", { class: "gutter" }, compact ? h("time", { class: "faint hover-time" }, clockTime(tsMs(m.ts)).replace(/ ?[AP]M/, "")) : avatar(author, 36)),
    h(
      "div",
      { class: "message-main" },
      m.ephemeral_to && h("div", { class: "only-you" }, icon("eye", "small"), "Only visible to you"),
      !compact && header(m, author, name, app),
      body(m),
      reactions(m),
      !inThread && replies.length > 0 && threadLine(m, replies),
    ),
    toolbar(m, inThread),
  );
}

function joined(m) {
  return h("li", { class: "message joined", "data-key": m.ts, "data-testid": "message-joined" }, h("div", { class: "gutter" }, avatar(person(m.user), 20)), h("div", { class: "faint" }, displayName(person(m.user)), " ", mrkdwn(m.text.replace(/^<@[^>]+>\s*/, "") || "joined")));
}

function header(m, author, name, app) {
  const open = () => author && go({ panel: "profile", profile: author.id, thread: null });
  return h(
    "div",
    { class: "message-head" },
    h("button", { type: "button", class: "author", onclick: open }, name),
    app ? h("span", { class: "tag" }, "APP") : badge(author),
    h("time", { class: "faint", datetime: new Date(tsMs(m.ts)).toISOString(), title: part(tsMs(m.ts), { dateStyle: "full", timeStyle: "long" }) }, clockTime(tsMs(m.ts))),
  );
}

function body(m) {
  const place = { channel: m.channel, ts: m.ts };
  const content = m.blocks?.length ? h("div", { class: "blocks" }, blocks(m.blocks, place)) : m.text && h("div", { class: "text" }, mrkdwn(m.text));
  return h(
    "div",
    { class: "message-body", "data-testid": "message-body" },
    content,
    (m.attachments || []).map((a) => attachment(a, place)),
    (m.files || []).map((f) => h("div", { class: "file" }, icon("link"), h("span", null, f.title || f.name), h("span", { class: "faint" }, f.mimetype))),
    m.edited && h("span", { class: "faint edited" }, "(edited)"),
  );
}

function attachment(a, place) {
  const colour = { good: "#2eb67d", warning: "#e5a50a", danger: "#d64545" }[a.color] || (/^#?[0-9a-f]{6}$/i.test(a.color || "") ? `#${a.color.replace("#", "")}` : null);
  return h(
    "div",
    { class: "attachment", style: colour ? { "border-color": colour } : {} },
    a.pretext && h("div", { class: "text" }, mrkdwn(a.pretext)),
    a.title && h("strong", null, mrkdwn(a.title)),
    a.text && h("div", { class: "text" }, mrkdwn(a.text)),
    a.blocks && h("div", { class: "blocks" }, blocks(a.blocks, place)),
  );
}

function reactions(m) {
  if (!m.reactions?.length) return null;
  const pills = m.reactions.map((r) => {
    const mine = r.users.includes(ui.as);
    const who = r.users.slice(0, 12).map((id) => displayName(person(id))).join(", ");
    return h(
      "button",
      { type: "button", class: ["reaction", mine && "mine"], "aria-pressed": String(mine), "aria-label": `${r.name.replaceAll("_", " ")}: ${r.users.length}`, title: who, "data-emoji": r.name, onclick: () => react(m, r.name, mine) },
      emojiNode(r.name),
      h("span", null, String(r.users.length)),
    );
  });
  return h("div", { class: "reactions" }, pills, h("button", { type: "button", class: "reaction add", "aria-label": "Add a reaction", "aria-expanded": "false", onclick: (e) => reactionPicker(e.currentTarget, m) }, icon("smile", "small")));
}

const react = (m, emoji, remove) => act("react", { user: ui.as, channel: m.channel, ts: m.ts, emoji, remove });

function reactionPicker(anchor, m) {
  const button = (name) => h("button", { type: "button", class: "emoji-button", "aria-label": name.replaceAll("_", " "), onclick: () => (closePopover(true), react(m, name, false)) }, emojiNode(name));
  const box = popover(anchor, h("div", { class: "emoji-grid", role: "group", "aria-label": "Reactions" }, favourites.map(button)), { testid: "emoji-picker" });
  box?.querySelector("button").focus();
}

function threadLine(m, replies) {
  const people = [...new Set(replies.map((r) => r.user))].slice(0, 5);
  const last = tsMs(replies.at(-1).ts);
  return h(
    "button",
    { type: "button", class: "thread-line", "data-testid": "thread-link", onclick: () => go({ thread: m.ts, panel: "thread" }) },
    people.map((id) => avatar(person(id), 20)),
    h("b", null, `${replies.length} ${replies.length === 1 ? "reply" : "replies"}`),
    h("span", { class: "faint" }, `Last: ${dayName(last)} at ${clockTime(last)}`),
  );
}

function toolbar(m, inThread) {
  const tool = (name, label, run, testid) => h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, "data-testid": testid, "aria-expanded": testid ? "false" : null, onclick: run }, icon(name));
  return h(
    "div",
    { class: "toolbar", role: "toolbar", "aria-label": "Message actions" },
    !m.ephemeral_to && tool("smile", "Add a reaction", (e) => reactionPicker(e.currentTarget, m)),
    !m.ephemeral_to && !inThread && tool("reply", "Reply in thread", () => go({ thread: m.thread_ts || m.ts, panel: "thread" })),
    tool("dots", "More actions", (e) => more(e.currentTarget, m), "message-menu"),
  );
}

function more(anchor, m) {
  const shortcuts = m.ephemeral_to ? [] : (world.app.shortcuts || []).filter((s) => s.type === "message").map((s) => ({
    label: s.name, icon: "bolt", description: world.app.name, testid: `shortcut-${s.callback_id}`,
    run: () => act("shortcut", { user: ui.as, callback_id: s.callback_id, channel: m.channel, ts: m.ts }),
  }));
  menu(anchor, [
    ...shortcuts,
    shortcuts.length ? "-" : null,
    { label: "Copy link", icon: "link", run: () => copyLink(m) },
    { label: "Show what was sent", icon: "inspect", run: () => showRaw(m), testid: "show-raw" },
    ...(deletes(m) ? ["-", { label: "Delete message", icon: "trash", danger: true, run: () => remove(m), testid: "delete-message" }] : []),
  ].filter(Boolean));
}

/** deletes says whether who looks at a message may delete it: who wrote it, and the workspace's admins. */
const deletes = (m) => !m.ephemeral_to && (m.user === ui.as || person(ui.as)?.is_admin || person(ui.as)?.is_owner);

async function remove(m) {
  if (await ask({ title: "Delete this message?", body: "It goes for everybody. What apps made of it stays theirs.", confirm: "Delete", deny: "Keep", danger: true })) act("delete", { user: ui.as, channel: m.channel, ts: m.ts });
}

async function copyLink(m) {
  const place = channel(m.channel);
  const link = `${location.origin}/archives/${place.id}/p${m.ts.replace(".", "")}`;
  try {
    await navigator.clipboard.writeText(link);
    toast("Link copied.");
  } catch {
    toast(link);
  }
}

const showRaw = (m) => ask({ title: "This message, as it is stored", body: h("div", { class: "json" }, json(m)), confirm: "Close", deny: "" });
