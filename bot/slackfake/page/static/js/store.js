// What the page knows of the workspace, and how it stays current: the state once, then what server-sent events say has changed.

import { get } from "./api.js";

/** world mirrors GET /control/state. Messages are kept by channel. */
export const world = {
  loaded: false, online: true, now: 0, playing: false, rate: 1, team: {}, app: { commands: [], shortcuts: [] },
  people: [], channels: [], groups: [], messages: new Map(), views: [], broken: [], version: 0,
};

const index = { people: new Map(), channels: new Map(), groups: new Map(), handles: new Map() };
const listeners = new Set();
let pending = new Set();
let timer = 0;
let loading = null;

/** onChange calls f with the parts that changed. */
export const onChange = (f) => listeners.add(f);

const notify = (what) => listeners.forEach((f) => f(what));

/** person, channel and group find by id; person and channel also by handle or name. */
export const person = (ref) => index.people.get(ref) || index.handles.get(String(ref || "").replace(/^@/, ""));
export const group = (id) => index.groups.get(id);
export function channel(ref) {
  if (!ref) return undefined;
  const name = String(ref).replace(/^#/, "");
  return index.channels.get(ref) || world.channels.find((c) => c.name === name && !isDirect(c));
}

export const isDirect = (c) => c.kind === "im" || c.kind === "mpim";
export const botUser = () => person(world.app.bot_user);

/** displayName is what a person is called on the page. */
export const displayName = (u) => u?.real_name || u?.name || "Someone";

/** directWith finds the DM of two people (or of someone with themselves). */
export function directWith(a, b) {
  return world.channels.find((c) => c.kind === "im" && c.members.includes(a) && c.members.includes(b) && (a !== b || c.members.length === 1));
}

const mayRead = (c, user) => c.kind === "public" || c.members.includes(user);

/** placesOf lists what a person sees in their sidebar. */
export const placesOf = (user) => world.channels.filter((c) => !c.is_archived && c.members.includes(user));

/** messagesIn lists what a person may read in a conversation, oldest first. */
export function messagesIn(c, user) {
  if (!c || !mayRead(c, user)) return [];
  return (world.messages.get(c.id) || []).filter((m) => !m.deleted && (!m.ephemeral_to || m.ephemeral_to === user));
}

/** modalsOf lists a person's open modals, bottom first. */
export function modalsOf(user) {
  const open = world.views.filter((v) => v.type === "modal" && v.user === user && !v.closed);
  const below = new Map(open.map((v) => [v.previous_view_id || "", v]));
  const stack = [];
  let next = open.find((v) => !open.some((o) => o.id === v.previous_view_id));
  while (next && !stack.includes(next)) {
    stack.push(next);
    next = below.get(next.id);
  }
  return stack;
}

/** homeOf is the app's Home as it was last published for a person. */
export const homeOf = (user) => world.views.find((v) => v.type === "home" && v.user === user);

/** load reads everything. */
export async function load() {
  take(await get("state"), new Set(["people", "channels", "groups", "messages", "views", "broken"]));
  world.loaded = true;
  notify(new Set(["all"]));
}

// take keeps the parts of an answer that were asked for; the others come empty. only says which channel its messages are of.
function take(state, parts, only = null) {
  for (const key of ["now", "playing", "rate", "version", "team", "app"]) world[key] = state[key];
  for (const key of ["views", "broken"]) if (parts.has(key)) world[key] = state[key];
  for (const key of ["people", "channels", "groups"]) {
    if (!parts.has(key)) continue;
    world[key] = state[key];
    index[key] = new Map(state[key].map((x) => [x.id, x]));
  }
  for (const c of world.channels) c.members ||= [];
  if (parts.has("people")) index.handles = new Map(world.people.map((u) => [u.name, u]));
  if (parts.has("messages")) keep(state.messages, only);
}

// keep files messages by channel; only says which channel the answer is about, null for all of them.
function keep(messages, only) {
  const fresh = new Map();
  for (const m of messages) {
    if (!fresh.has(m.channel)) fresh.set(m.channel, []);
    fresh.get(m.channel).push(m);
  }
  for (const list of fresh.values()) list.sort((a, b) => (a.ts < b.ts ? -1 : a.ts > b.ts ? 1 : 0));
  if (only) world.messages.set(only, fresh.get(only) || []);
  else world.messages = fresh;
}

/** follow listens to the server's events for as long as the page is shown: a browser has few connections for one server. */
export function follow() {
  let events = listen();
  addEventListener("pagehide", () => events.close());
  addEventListener("pageshow", (e) => {
    if (e.persisted) events = listen();
  });
}

function listen() {
  const events = new EventSource("/control/events");
  events.addEventListener("change", (event) => {
    for (const what of JSON.parse(event.data).what || []) pending.add(what);
    timer ||= setTimeout(refresh, 50);
  });
  events.onopen = () => {
    catchUp().catch(() => {}); // what changed before the stream was open, or while it was cut
    online(true);
  };
  events.onerror = () => online(false);
  return events;
}

async function catchUp() {
  const { version } = await get("state?parts=none");
  if (version !== world.version) await load();
}

function online(is) {
  if (world.online === is) return;
  world.online = is;
  notify(new Set(["online"]));
}

/** refresh reads what has changed since the last time. Tests and the tour await it. */
export async function refresh() {
  clearTimeout(timer);
  timer = 0;
  if (loading) await loading;
  const what = pending;
  pending = new Set();
  if (!what.size) return;
  loading = readParts(what).catch(() => online(false));
  await loading;
  loading = null;
  notify(what);
}

const partsOf = { views: "views", people: "people", channels: "channels", groups: "groups", messages: "messages" };

async function readParts(what) {
  const changed = [...what].filter((w) => w.startsWith("messages:")).map((w) => w.slice("messages:".length));
  const parts = new Set(["broken"]);
  for (const item of what) if (partsOf[item.split(":")[0]]) parts.add(partsOf[item.split(":")[0]]);
  if (changed.some((id) => !index.channels.has(id))) parts.add("channels");
  const few = changed.length > 0 && changed.length <= 6;
  if (few) parts.delete("messages");
  take(await get(`state?parts=${[...parts].join(",")}`), parts);
  if (!few) return;
  const answers = await Promise.all(changed.map((id) => get(`state?parts=messages&channel=${encodeURIComponent(id)}`)));
  answers.forEach((state, i) => take(state, new Set(["messages"]), changed[i]));
}
