// The bar on top: whose eyes one looks through, the time machine, and the doors to tour, inspector and theme.

import { avatar, face } from "./avatar.js";
import { peopleMatching } from "./controls.js";
import { clockTime, part, nowMs, zoneOf } from "./dates.js";
import { $, h, show } from "./dom.js";
import { icon } from "./icons.js";
import { pick } from "./popover.js";
import { go, me, ui } from "./route.js";
import { displayName, person, world } from "./store.js";
import { theme, toggleTheme } from "./theme.js";
import { timeMachine } from "./timemachine.js";
import { tourOpen, toggleTour } from "./tour.js";
import { unreadFor } from "./unread.js";

/** drawTopbar draws it. */
export function drawTopbar() {
  const broken = world.broken.length;
  show(
    $("topbar"),
    h("div", { class: "brand" }, h("img", { src: "/static/icon.svg", alt: "", width: 26, height: 26 }), h("span", { class: "brand-name" }, world.app.name || "Local workspace"), h("span", { class: "brand-tag" }, "playground")),
    timeMachine(),
    h(
      "div",
      { class: "top-right" },
      !world.online && h("span", { class: "pill bad", role: "status" }, "server stopped"),
      world.online && !world.app.connections && h("span", { class: "pill warn", role: "status", title: "Start one with the tokens of this workspace" }, "no app connected"),
      broken > 0 && h("button", { type: "button", class: "pill bad", "data-testid": "broken", onclick: () => go({ panel: "inspector", thread: null }) }, icon("warning", "small"), h("span", null, `${broken} broken ${broken === 1 ? "rule" : "rules"}`)),
      door("compass", "Tour", tourOpen(), toggleTour, "tour-toggle"),
      door("inspect", "Inspector", ui.panel === "inspector", () => go({ panel: ui.panel === "inspector" ? null : "inspector", thread: null }), "inspector-toggle"),
      door(theme() === "dark" ? "sun" : "moon", theme() === "dark" ? "Light" : "Dark", false, toggleTheme, "theme-toggle"),
      viewer(),
    ),
  );
}

function door(name, label, pressed, run, testid) {
  return h("button", { type: "button", class: ["icon-button door", pressed && "pressed"], "aria-pressed": String(Boolean(pressed)), "aria-label": label, title: label, "data-testid": testid, onclick: run }, icon(name));
}

function viewer() {
  const u = me();
  return h(
    "button",
    { type: "button", class: "viewer", "aria-haspopup": "listbox", "aria-expanded": "false", "aria-label": `You are ${displayName(u)}. Become someone else`, "data-testid": "viewer", onclick: (e) => choose(e.currentTarget) },
    avatar(u, 28),
    h("span", { class: "viewer-text" }, h("span", { class: "faint" }, "You are"), h("b", null, displayName(u).split(" ")[0])),
    icon("chevron", "small"),
  );
}

function choose(anchor) {
  pick(anchor, { find: candidates, selected: ui.as, label: "Become someone else", onPick: become });
}

function candidates(text) {
  const before = text ? null : person(ui.previous);
  const found = peopleMatching(text, (u) => !u.is_bot);
  const list = before ? [{ value: before.id }, ...found.filter((o) => o.value !== before.id)] : found;
  return list.map((o) => describe(person(o.value), before));
}

function describe(u, before) {
  const waiting = unreadFor(u.id, true);
  return {
    value: u.id, label: displayName(u), group: before && (u.id === before.id ? "You were" : "Everyone"),
    node: h("span", { class: "face" }, face(u, 24), u.is_admin && h("span", { class: "tag quiet" }, "admin"), waiting > 0 && h("span", { class: "count" }, String(waiting)), h("span", { class: "faint there" }, there(u))),
    description: [u.title, u.department].filter(Boolean).join(" · "),
  };
}

// there is the time where somebody is, in the reader's own format.
function there(u) {
  if (!u.tz) return "no zone";
  const zone = { tz: u.tz, locale: me().locale };
  const day = part(nowMs(), { weekday: "short" }, zone);
  return `${day === part(nowMs(), { weekday: "short" }) ? "" : day + " "}${clockTime(nowMs(), zone)} ${zoneOf(u).split("/").at(-1).replace("_", " ")}`;
}

/** become makes the page show the workspace as another person sees it. */
export function become(id) {
  const c = world.channels.find((x) => x.id === ui.place);
  const stays = ui.place === "home" || ui.place?.startsWith("@") || (c && (c.kind === "public" || c.members.includes(id)));
  go({ as: id, place: stays ? ui.place : world.channels.find((x) => x.is_general)?.id, thread: null, menuOpen: false });
}

