// The middle of the page: a conversation with its messages and composer, or the app's Home.

import { act } from "./api.js";
import { avatar, badge } from "./avatar.js";
import { composer } from "./composer.js";
import { placeName } from "./controls.js";
import { clockTime, dayKey, dayName, tsMs } from "./dates.js";
import { $, h, show } from "./dom.js";
import { homeTab } from "./home.js";
import { icon } from "./icons.js";
import { message } from "./message.js";
import { pick } from "./popover.js";
import { face } from "./avatar.js";
import { go, here, me, onHome, ui } from "./route.js";
import { botUser, displayName, isDirect, messagesIn, person, world } from "./store.js";
import { lastRead, markRead } from "./unread.js";

let shownPlace = "";
let fresher = { since: "", until: "" }; // what was new when the place was opened

/** drawConversation draws the middle. */
export function drawConversation() {
  const main = $("main");
  const c = here();
  const key = `${ui.as}/${ui.place}`;
  const fresh = key !== shownPlace;
  const log = $("log");
  const atEnd = !log || log.scrollHeight - log.scrollTop - log.clientHeight < 90;
  if (fresh) fresher = { since: c ? lastRead(ui.as, c) : "", until: messagesIn(c, ui.as).at(-1)?.ts || "" };
  shownPlace = key;
  if (onHome()) {
    show(main, h("div", { class: "place", "data-key": key }, placeHead(null), homeTab()));
    if (fresh) $("log").scrollTop = 0;
    return;
  }
  const mayWrite = !c || isDirect(c) || c.members.includes(ui.as);
  show(
    main,
    h(
      "div",
      { class: "place", "data-key": key, "data-testid": "conversation", "data-channel": c?.id, "data-name": c?.name },
      placeHead(c),
      h("div", { class: "log", id: "log", tabindex: "0", role: "log", "aria-label": `Messages in ${titleOf(c)}` }, h("ol", { class: "messages", "data-testid": "messages" }, rows(c))),
      mayWrite ? composer({ place: ui.place, channel: c, thread: null }) : joinBar(c),
    ),
  );
  scroll(fresh, atEnd);
  if (c) markRead(ui.as, c);
}

function scroll(fresh, atEnd) {
  const log = $("log");
  const linked = ui.message && log.querySelector(`[data-ts="${CSS.escape(ui.message)}"]`);
  if (linked && fresh) linked.scrollIntoView({ block: "center" });
  else if (fresh || atEnd) log.scrollTop = log.scrollHeight;
}

const titleOf = (c) => (c ? placeName(c) : displayName(person(ui.place?.slice(1))));

function rows(c) {
  const all = messagesIn(c, ui.as);
  const threads = new Map();
  for (const m of all) {
    if (!m.thread_ts || m.thread_ts === m.ts) continue;
    if (!threads.has(m.thread_ts)) threads.set(m.thread_ts, []);
    threads.get(m.thread_ts).push(m);
  }
  const top = all.filter((m) => !m.thread_ts || m.thread_ts === m.ts || m.subtype === "thread_broadcast");
  const out = [h("li", { class: "beginning", "data-key": "beginning" }, beginning(c))];
  let before = null;
  let marked = false;
  for (const m of top) {
    if (!before || dayKey(tsMs(before.ts)) !== dayKey(tsMs(m.ts))) {
      out.push(h("li", { class: "day", role: "presentation", "data-key": `day-${dayKey(tsMs(m.ts))}` }, h("span", null, dayName(tsMs(m.ts)))));
      before = null;
    }
    if (!marked && m.ts > fresher.since && m.ts <= fresher.until && m.user !== ui.as) {
      marked = true;
      if (before || out.length > 2) out.push(h("li", { class: "new-line", role: "presentation", "data-key": "new" }, h("span", null, "New")));
      before = null;
    }
    out.push(message(m, { compact: goesOn(before, m), replies: threads.get(m.ts) || [] }));
    before = m;
  }
  return out;
}

const goesOn = (a, b) => a && a.user === b.user && !a.subtype && !b.ephemeral_to && !a.ephemeral_to && tsMs(b.ts) - tsMs(a.ts) < 300000;

function beginning(c) {
  const others = c ? c.members.filter((id) => id !== ui.as) : [person(ui.place?.slice(1))?.id].filter(Boolean);
  if (c && !isDirect(c)) {
    return [h("h2", null, c.kind === "private" ? icon("lock") : "#", c.name), h("p", { class: "faint" }, c.topic || "", c.is_ext_shared ? " · shared with another company" : "")];
  }
  const names = others.map((id) => displayName(person(id)));
  return [h("div", { class: "faces" }, others.slice(0, 8).map((id) => avatar(person(id), 44))), h("p", null, "This is between you and ", h("b", null, names.join(", ") || "yourself"), ".")];
}

function placeHead(c) {
  const home = onHome();
  const other = home ? botUser() : !c ? person(ui.place?.slice(1)) : c.kind === "im" ? person(c.members.find((id) => id !== ui.as) || ui.as) : null;
  const isApp = other && other.id === world.app.bot_user;
  const title = other
    ? [avatar(other, 26), h("h1", null, displayName(other)), isApp ? h("span", { class: "tag" }, "APP") : badge(other)]
    : [c?.kind === "private" ? icon("lock") : c?.kind === "mpim" ? icon("people") : h("span", { class: "hash" }, "#"), h("h1", null, titleOf(c)), c?.is_ext_shared && h("span", { class: "tag quiet" }, "shared")];
  return h(
    "header",
    { class: "place-head", id: "main-start", tabindex: "-1" },
    h("button", { type: "button", class: "icon-button only-narrow", "aria-label": "Channels and messages", "data-testid": "open-menu", onclick: () => go({ menuOpen: true }) }, icon("menu")),
    h("div", { class: "place-title" }, title),
    isApp ? tabs(home, other) : h("p", { class: "place-topic faint" }, c?.topic || (other && [other.title, zoneClock(other)].filter(Boolean).join(" · ")) || ""),
    c && !isDirect(c) && memberButton(c),
    c?.kind === "mpim" && h("span", { class: "faces small" }, c.members.slice(0, 6).map((id) => avatar(person(id), 22))),
  );
}

const zoneClock = (u) => (u.tz ? `${clockTime(Date.parse(world.now), u)} for them` : "");

function tabs(home, app) {
  const tab = (label, selected, place) => h("button", { type: "button", role: "tab", "aria-selected": String(selected), class: "tab", "data-testid": `tab-${label.toLowerCase()}`, onclick: () => go({ place }) }, label);
  const dm = world.channels.find((x) => x.kind === "im" && x.members.includes(ui.as) && x.members.includes(app.id));
  return h("div", { role: "tablist", class: "tabs", "aria-label": displayName(app) }, tab("Home", home, "home"), tab("Messages", !home, dm?.id || `@${app.name}`));
}

function memberButton(c) {
  const list = (t) => c.members.map(person).filter((u) => u && (displayName(u).toLowerCase().includes(t) || u.name.includes(t))).map((u) => ({ value: u.id, label: displayName(u), node: h("span", { class: "face" }, face(u, 22)), description: [u.title, u.department].filter(Boolean).join(" · ") }));
  return h(
    "button",
    { type: "button", class: "member-button", "aria-label": `${c.members.length} members`, "aria-expanded": "false", "data-testid": "members", onclick: (e) => pick(e.currentTarget, { find: list, label: "Members", onPick: (id) => go({ panel: "profile", profile: id, thread: null }) }) },
    h("span", { class: "faces small" }, c.members.slice(0, 3).map((id) => avatar(person(id), 20))),
    String(c.members.length),
  );
}

function joinBar(c) {
  return h("div", { class: "join-bar" }, h("p", null, `You are looking at #${c.name} from outside.`), h("button", { type: "button", class: "button primary", "data-testid": "join", onclick: () => act("join", { user: me().id, channel: c.id }) }, `Join as ${displayName(me()).split(" ")[0]}`));
}
