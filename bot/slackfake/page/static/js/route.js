// Where the person is: who they act as, which place is open, what is beside it. It lives in the URL's fragment, so that a place can be
// linked, reloaded and photographed: #channel=kudos&as=bob&thread=…&panel=inspector&theme=dark

import { channel, directWith, isDirect, person, world } from "./store.js";

/** ui is the page's own state; change it with go(). */
export const ui = { as: null, place: null, thread: null, panel: null, profile: null, message: null, menuOpen: false, previous: null };

const listeners = new Set();
export const onGo = (f) => listeners.add(f);

const names = { home: "home" };

/** me is who the person acts as. */
export const me = () => person(ui.as);

/** here is the open conversation; undefined on the app's Home and in a DM that nobody has written in yet. */
export const here = () => (ui.place?.startsWith("@") ? conversationWith(ui.place.slice(1)) : channel(ui.place));

/** conversationWith finds the DM with a person by handle. */
export function conversationWith(handle) {
  const other = person(handle);
  return other && directWith(ui.as, other.id);
}

/** onHome says that the app's Home is open. */
export const onHome = () => ui.place === names.home;

/** go changes the place and writes it into the URL. */
export function go(changes) {
  const before = { ...ui };
  Object.assign(ui, changes);
  if (changes.place !== undefined && changes.place !== before.place && changes.thread === undefined) ui.thread = null;
  if (changes.as !== undefined && changes.as !== before.as) ui.previous = before.as;
  if (ui.thread && changes.thread) ui.panel = "thread";
  if (!ui.thread && ui.panel === "thread") ui.panel = null;
  write();
  listeners.forEach((f) => f(before));
}

function write() {
  const at = new URLSearchParams();
  const place = channel(ui.place);
  if (ui.place) at.set("channel", place && !isDirect(place) ? place.name : ui.place);
  if (me()) at.set("as", me().name);
  if (ui.thread) at.set("thread", ui.thread);
  if (ui.panel && ui.panel !== "thread") at.set("panel", ui.panel);
  if (ui.panel === "profile" && person(ui.profile)) at.set("profile", person(ui.profile).name);
  if (new URLSearchParams(location.hash.slice(1)).get("theme")) at.set("theme", document.documentElement.dataset.theme);
  const hash = "#" + at.toString().replaceAll("%40", "@");
  if (hash !== location.hash) history.pushState(null, "", hash);
}

/** read takes the place from the URL. It returns what the URL says of other things. */
export function read() {
  const at = new URLSearchParams(location.hash.slice(1));
  const as = person(at.get("as")) || person(ui.as) || world.people.find((u) => u.is_admin && !u.is_bot) || world.people[0];
  ui.as = as?.id || null;
  ui.place = placeFrom(at.get("channel"));
  ui.thread = at.get("thread");
  ui.message = at.get("message");
  ui.profile = person(at.get("profile"))?.id || null;
  ui.panel = ui.thread ? "thread" : at.get("panel");
  if (ui.panel === "thread" && !ui.thread) ui.panel = null;
  return at;
}

function placeFrom(ref) {
  if (ref === names.home) return ref;
  if (ref?.startsWith("@") && person(ref)) return conversationWith(ref.slice(1))?.id || ref;
  return (channel(ref) || channel("general") || world.channels[0])?.id || null;
}
