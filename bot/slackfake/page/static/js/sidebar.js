// The left column: channels, direct messages, the app; and what is new in them.

import { avatar } from "./avatar.js";
import { peopleMatching, placeMatching, placeName } from "./controls.js";
import { $, h, show } from "./dom.js";
import { icon } from "./icons.js";
import { pick } from "./popover.js";
import { conversationWith, go, here, me, onHome, ui } from "./route.js";
import { botUser, displayName, isDirect, person, placesOf, world } from "./store.js";
import { unread } from "./unread.js";

const most = 60; // rows of direct messages; someone with more finds the others by search

/** drawSidebar draws it. */
export function drawSidebar() {
  const side = $("sidebar");
  side.classList.toggle("open", ui.menuOpen);
  const mine = placesOf(ui.as);
  const app = botUser();
  const direct = mine.filter((c) => isDirect(c) && !(c.kind === "im" && c.members.includes(app?.id))).sort(latestFirst).slice(0, most);
  show(
    side,
    h("div", { class: "sidebar-head" }, h("b", null, world.team.name), h("span", { class: "faint" }, "a company that lives on this machine"), h("button", { type: "button", class: "icon-button only-narrow", "aria-label": "Close", onclick: () => go({ menuOpen: false }) }, icon("close"))),
    h(
      "div",
      { class: "sidebar-scroll" },
      section("Channels", "Browse channels", browse, mine.filter((c) => !isDirect(c)).map(row)),
      section("Direct messages", "Write to someone", write, direct.map(row), previewRow(direct)),
      section("Apps", null, null, app && [homeRow(app), appRow(app)]),
    ),
  );
}

const latest = (c) => world.messages.get(c.id)?.at(-1)?.ts || "";
const latestFirst = (a, b) => (latest(a) < latest(b) ? 1 : -1);

function section(title, addLabel, add, ...rows) {
  const id = `side-${title.replace(" ", "-").toLowerCase()}`;
  return h(
    "section",
    { "aria-labelledby": id },
    h("div", { class: "side-title" }, h("h2", { id }, title), add && h("button", { type: "button", class: "icon-button", "aria-label": addLabel, title: addLabel, "aria-expanded": "false", "data-testid": `add-${id}`, onclick: (e) => add(e.currentTarget) }, icon("plus", "small"))),
    h("ul", null, rows),
  );
}

function item({ key, testid, active, count, run, label, strong, children }) {
  return h(
    "li",
    { "data-key": key },
    h(
      "button",
      { type: "button", class: ["side-row", active && "active", count && "unread", strong && "strong"], "aria-current": active ? "page" : null, "aria-label": count ? `${label}, ${count} new` : label, "data-testid": testid, onclick: run },
      children,
      count > 0 && h("span", { class: "count", "data-testid": "unread" }, String(count)),
    ),
  );
}

function row(c) {
  const others = c.members.filter((id) => id !== ui.as).map(person);
  const active = !onHome() && here()?.id === c.id;
  const count = active ? 0 : unread(ui.as, c);
  const mark = c.kind === "im" ? avatar(others[0] || me(), 20) : c.kind === "mpim" ? h("span", { class: "side-count" }, String(others.length)) : c.kind === "private" ? icon("lock", "small") : h("span", { class: "hash" }, "#");
  return item({
    key: c.id, testid: `channel-${c.name || c.id}`, active, count, label: placeName(c), run: () => go({ place: c.id, menuOpen: false }),
    children: [mark, h("span", { class: "side-name" }, placeName(c)), c.is_ext_shared && icon("globe", "small")],
  });
}

// A DM that is open but has no message yet stands in the list too.
function previewRow(direct) {
  const handle = ui.place?.startsWith("@") && ui.place.slice(1);
  const u = handle && person(handle);
  if (!u || u.id === world.app.bot_user || direct.some((c) => c.id === conversationWith(handle)?.id)) return null;
  return item({ key: ui.place, testid: `channel-${ui.place}`, active: true, count: 0, label: displayName(u), run: () => {}, children: [avatar(u, 20), h("span", { class: "side-name" }, displayName(u))] });
}

function homeRow(app) {
  return item({ key: "home", testid: "app-home", active: onHome(), count: 0, label: `${displayName(app)} Home`, run: () => go({ place: "home", menuOpen: false }), children: [icon("home", "small"), h("span", { class: "side-name" }, "Home")] });
}

function appRow(app) {
  const c = conversationWith(app.name);
  const active = !onHome() && (ui.place === `@${app.name}` || (c && ui.place === c.id));
  return item({
    key: "app", testid: "app-messages", active, count: c && !active ? unread(ui.as, c) : 0, label: displayName(app), run: () => go({ place: c?.id || `@${app.name}`, menuOpen: false }),
    children: [avatar(app, 20), h("span", { class: "side-name" }, displayName(app)), h("span", { class: ["dot", world.app.connections && "on"], title: world.app.connections ? `${world.app.connections} connections` : "not connected" })],
  });
}

function browse(anchor) {
  pick(anchor, { find: (t) => placeMatching(t, world.channels.filter((c) => c.kind === "public" && !c.is_archived)), label: "Channels", onPick: (id) => go({ place: id, menuOpen: false }) });
}

function write(anchor) {
  pick(anchor, { find: (t) => peopleMatching(t), label: "People", onPick: (id) => go({ place: conversationWith(person(id).name)?.id || `@${person(id).name}`, menuOpen: false }) });
}

