// The right column: a thread, a person, or the inspector.

import { avatar, badge } from "./avatar.js";
import { composer } from "./composer.js";
import { placeName } from "./controls.js";
import { clockTime, nowMs, part, zoneOf } from "./dates.js";
import { $, h, show } from "./dom.js";
import { icon } from "./icons.js";
import { drawInspector } from "./inspector.js";
import { message } from "./message.js";
import { conversationWith, go, here, ui } from "./route.js";
import { displayName, messagesIn, person } from "./store.js";
import { become } from "./topbar.js";

const kinds = { thread, profile, inspector: drawInspector };

/** drawPanel draws what is open, or nothing. */
export function drawPanel() {
  const panel = $("panel");
  const draw = kinds[ui.panel];
  panel.hidden = !draw;
  document.body.classList.toggle("with-panel", Boolean(draw));
  if (!draw) {
    show(panel);
    return;
  }
  show(panel, h("div", { class: `panel-inner ${ui.panel}`, "data-key": `${ui.panel}-${ui.thread || ui.profile || ""}`, "data-testid": `panel-${ui.panel}` }, draw(panelHead)));
}

/** panelHead is the panel's title with a button that closes it. */
function panelHead(title, sub) {
  return h(
    "header",
    { class: "panel-head" },
    h("div", null, h("h2", null, title), sub && h("p", { class: "faint" }, sub)),
    h("button", { type: "button", class: "icon-button", "aria-label": "Close panel", "data-testid": "close-panel", onclick: () => go({ panel: null, thread: null, profile: null }) }, icon("close")),
  );
}

function thread() {
  const c = here();
  const all = messagesIn(c, ui.as);
  const parent = all.find((m) => m.ts === ui.thread);
  const replies = all.filter((m) => m.thread_ts === ui.thread && m.ts !== ui.thread);
  return [
    panelHead("Thread", c ? (c.name ? `#${placeName(c)}` : placeName(c)) : ""),
    h(
      "div",
      { class: "log", id: "thread-log", tabindex: "0", role: "log", "aria-label": "Thread" },
      h(
        "ol",
        { class: "messages", "data-testid": "thread-messages" },
        parent ? message(parent, { inThread: true }) : h("li", { class: "faint" }, "This message is gone."),
        replies.length > 0 && h("li", { class: "day", role: "presentation", "data-key": "replies" }, h("span", null, `${replies.length} ${replies.length === 1 ? "reply" : "replies"}`)),
        replies.map((m) => message(m, { inThread: true })),
      ),
    ),
    c && composer({ place: ui.place, channel: c, thread: ui.thread }),
  ];
}

function profile() {
  const u = person(ui.profile);
  if (!u) return panelHead("Profile");
  const fact = (label, value) => value && h("div", { class: "fact" }, h("dt", null, label), h("dd", null, value));
  const manager = person(u.manager);
  const open = () => go({ place: conversationWith(u.name)?.id || `@${u.name}`, panel: null });
  return [
    panelHead("Profile"),
    h(
      "div",
      { class: "profile-body" },
      avatar(u, 120),
      h("h3", null, displayName(u), " ", badge(u), u.is_admin && h("span", { class: "tag quiet" }, "admin")),
      h("p", { class: "faint" }, [u.title, u.department].filter(Boolean).join(" · ")),
      h(
        "div",
        { class: "actions" },
        u.id !== ui.as && !u.deleted && h("button", { type: "button", class: "button", onclick: open }, icon("chat", "small"), "Message"),
        u.id !== ui.as && !u.is_bot && !u.deleted && h("button", { type: "button", class: "button primary", "data-testid": "become", onclick: () => (become(u.id), go({ panel: null })) }, icon("swap", "small"), `Be ${displayName(u).split(" ")[0]}`),
      ),
      h(
        "dl",
        null,
        fact("Local time", u.tz ? `${part(nowMs(), { weekday: "long" }, u)}, ${clockTime(nowMs(), u)}` : "unknown: no time zone is set"),
        fact("Time zone", u.tz && zoneOf(u)),
        fact("Language", u.locale),
        fact("Manager", manager && h("button", { type: "button", class: "mention", onclick: () => go({ profile: manager.id }) }, displayName(manager))),
        fact("Handle", "@" + u.name),
        fact("E-mail", u.email),
        Object.entries(u.fields || {}).map(([k, v]) => fact(k, v)),
        fact("Identifier", h("code", { class: "code" }, u.id)),
      ),
    ),
  ];
}
