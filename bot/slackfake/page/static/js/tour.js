// The guided tour. What it says and does stands in tour.json; this draws it, drives the control API for "Show me" and looks for what
// should appear.

import { act } from "./api.js";
import { nextMonday, zoneOf } from "./dates.js";
import { $, announce, h, show } from "./dom.js";
import { icon } from "./icons.js";
import { mrkdwn } from "./mrkdwn.js";
import { redraw } from "./redraw.js";
import { conversationWith, go, me, ui } from "./route.js";
import { botUser, channel, modalsOf, person, refresh, world } from "./store.js";
import { toast } from "./toast.js";

const tour = { steps: [], at: 0, open: false, folded: false, running: false, since: [], done: new Set() };

/** startTour loads the steps; it opens itself on a first visit. */
export async function startTour(wanted) {
  const data = await (await fetch("/static/tour.json")).json();
  Object.assign(tour, data);
  if (wanted === "1" || (wanted !== "0" && !remembered())) enter(0);
  else redraw();
}

export const tourOpen = () => tour.open;

/** toggleTour opens the tour where it was, or closes it. */
export function toggleTour() {
  if (tour.open) close();
  else enter(tour.at);
}

function close() {
  tour.open = false;
  try {
    localStorage.setItem("tour", "seen");
  } catch {
    // it will offer itself again
  }
  redraw();
}

function remembered() {
  try {
    return localStorage.getItem("tour");
  } catch {
    return null;
  }
}

function enter(at) {
  Object.assign(tour, { at, open: true, folded: false });
  const step = tour.steps[at];
  tour.since[at] ??= newest();
  if (step) visit(step);
  redraw();
}

const newest = () => [...world.messages.values()].reduce((ts, list) => (list.length && list.at(-1).ts > ts ? list.at(-1).ts : ts), "");

function visit(step) {
  if (person(step.as)) go({ as: person(step.as).id }); // first: whose DM with the app is meant depends on it
  go({ place: placeOf(step.place), thread: null, menuOpen: false });
}

function placeOf(ref) {
  if (ref === "home") return ref;
  if (ref === "@app") return conversationWith(botUser()?.name)?.id || `@${botUser()?.name}`;
  return channel(ref)?.id || ui.place;
}

/** drawTour draws the card. */
export function drawTour() {
  const step = tour.steps[tour.at];
  if (!tour.open || !step) {
    show($("tour"));
    return;
  }
  if (!tour.done.has(step.id) && find(step.look, tour.since[tour.at])) {
    tour.done.add(step.id);
    announce("Done: " + step.title);
  }
  show($("tour"), tour.folded ? folded(step) : card(step));
}

function folded(step) {
  return h("button", { type: "button", class: "tour-folded", "data-testid": "tour-unfold", onclick: () => ((tour.folded = false), redraw()) }, icon("compass", "small"), `${tour.at + 1}/${tour.steps.length} ${step.title}`, tour.done.has(step.id) && icon("check", "small"));
}

function card(step) {
  const done = tour.done.has(step.id);
  const last = tour.at === tour.steps.length - 1;
  return h(
    "section",
    { class: "tour", "aria-label": "Guided tour", "data-testid": "tour", "data-step": step.id, "data-done": String(done), "data-running": String(tour.running) },
    h(
      "header",
      null,
      h("span", { class: "faint" }, tour.title),
      h("button", { type: "button", class: "icon-button", "aria-label": "Fold the tour away", "data-testid": "tour-fold", onclick: () => ((tour.folded = true), redraw()) }, icon("chevron", "small")),
      h("button", { type: "button", class: "icon-button", "aria-label": "End the tour", "data-testid": "tour-close", onclick: close }, icon("close", "small")),
    ),
    h("ol", { class: "tour-dots" }, tour.steps.map((s, i) => h("li", null, h("button", { type: "button", class: [i === tour.at && "at", tour.done.has(s.id) && "done"], "aria-label": `Step ${i + 1}: ${s.title}`, "aria-current": i === tour.at ? "step" : null, onclick: () => enter(i) })))),
    h("h2", { "data-testid": "tour-title" }, step.title),
    step.text.map((line) => h("p", { class: "text" }, mrkdwn(line.replaceAll("&", "&amp;")))),
    done && h("p", { class: "tour-done", "data-testid": "tour-done" }, icon("check"), h("span", null, step.done)),
    h(
      "footer",
      null,
      tour.at > 0 && h("button", { type: "button", class: "button", "data-testid": "tour-back", onclick: () => enter(tour.at - 1) }, "Back"),
      h("span", { class: "grow" }),
      h("button", { type: "button", class: ["button", !done && "primary"], disabled: tour.running, "data-testid": "tour-show", onclick: () => run(step) }, tour.running ? "Working…" : done ? "Again" : "Show me"),
      h("button", { type: "button", class: ["button", done && "primary"], "data-testid": "tour-next", onclick: () => (last ? close() : enter(tour.at + 1)) }, last ? "Finish" : "Next"),
    ),
  );
}

async function run(step) {
  tour.running = true;
  visit(step);
  redraw();
  try {
    for (const order of step.do) await carryOut(order, step);
  } catch (error) {
    toast(`The tour could not go on: ${error.message}`, { kind: "error", detail: step.title });
  }
  tour.running = false;
  await refresh();
  redraw();
}

const verbs = {
  command: (body) => must(act("command", body, { quiet: true })),
  message: (body) => must(act("message", body, { quiet: true })),
  advance: (duration) => must(act("clock", { advance: duration }, { quiet: true })),
  monday: (clock) => must(act("clock", { set: new Date(nextMonday(zoneOf(me()), parseInt(clock, 10))).toISOString() }, { quiet: true })),
  press, submit, see, until,
};

async function carryOut(order, step) {
  const [verb, body] = Object.entries(order)[0];
  const result = await verbs[verb](body, step);
  await pause(250);
  return result;
}

const pause = async (ms) => {
  await new Promise((done) => setTimeout(done, ms));
  await refresh();
};

async function must(answer) {
  const result = await answer;
  if (result.error) throw new Error(result.error);
  return result;
}

// press finds the newest button with a label, on a message that the person sees or in their modal or Home, and presses it.
async function press({ user, channel: where, label, optional }) {
  for (const handle of [user].flat()) {
    const who = person(handle);
    if (!who) continue;
    const found = await patiently(() => button(who, where, new RegExp(label, "i")), optional ? 4 : 12);
    if (found) await must(act("click", { user: who.id, ...found }, { quiet: optional }));
    else if (!optional) throw new Error(`there is no button like “${label}” for ${who.real_name}`);
  }
}

// patiently tries f until it finds something, for at most so many tenths of a second times two.
async function patiently(f, tries) {
  for (let i = 0; i < tries; i++) {
    const found = f();
    if (found) return found;
    await pause(200);
  }
  return null;
}

function button(who, where, label) {
  const modal = modalsOf(who.id).at(-1);
  const inModal = modal && buttonIn(modal.view.blocks, label);
  if (inModal) return { view_id: modal.id, ...inModal };
  const c = where && channel(where);
  const lists = c ? [world.messages.get(c.id) || []] : [...world.messages].filter(([id]) => channel(id)?.members.includes(who.id)).map(([, list]) => list);
  const messages = lists.flat().filter((m) => !m.ephemeral_to || m.ephemeral_to === who.id).sort((a, b) => (a.ts < b.ts ? 1 : -1));
  for (const m of messages) {
    const found = buttonIn(m.blocks, label);
    if (found) return { channel: m.channel, ts: m.ts, ...found };
  }
  return null;
}

function buttonIn(blocks, label) {
  for (const b of blocks || []) {
    for (const e of [...(b.elements || []), b.accessory].filter(Boolean)) {
      if (e.type === "button" && label.test(e.text?.text || "")) return { block_id: b.block_id, action_id: e.action_id, value: e.value };
    }
  }
  return null;
}

async function submit({ user, values, optional }) {
  const who = person(user);
  const form = () => modalsOf(who.id).findLast((v) => v.view.submit); // an app may show a note first and the form a moment later
  const modal = await patiently(form, optional ? 6 : 15);
  if (!modal && optional) return;
  if (!modal) throw new Error("the form did not open");
  await pause(900);
  await must(act("submit", { user: who.id, view_id: modal.id, values: values || {} }, { quiet: true }));
}

function see({ group, place }) {
  const c = group ? groupsOf(group).at(-1) : null;
  go({ place: c?.id || placeOf(place), thread: null });
}

async function until({ look, advance, times }, step) {
  const since = tour.since[tour.steps.indexOf(step)];
  for (let i = 0; i < times && !find(look, since); i++) {
    await must(act("clock", { advance }, { quiet: true }));
    await pause(150);
  }
}

const groupsOf = (handle) => world.channels.filter((c) => c.kind === "mpim" && c.members.includes(person(handle)?.id) && c.members.includes(world.app.bot_user));

// find looks for a message of the app since an instant: in a channel, in a group DM of someone, or to someone alone (DM or ephemeral).
function find(look, since = "") {
  const words = new RegExp(look.text, "i");
  const to = person(look.to)?.id;
  const places = look.channel ? [channel(look.channel)] : look.group ? groupsOf(look.group) : world.channels;
  return places.filter(Boolean).some((c) =>
    (world.messages.get(c.id) || []).some((m) => {
      if (m.user !== world.app.bot_user || m.ts <= since) return false;
      if (!to && m.ephemeral_to) return false;
      if (to && m.ephemeral_to !== to && !(c.kind === "im" && c.members.includes(to))) return false;
      return words.test(m.text) || words.test(JSON.stringify(m.blocks || ""));
    }),
  );
}

