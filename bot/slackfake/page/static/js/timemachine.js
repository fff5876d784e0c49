// The time machine: the workspace's clock, which goes on by itself only while it plays.

import { act } from "./api.js";
import { clockTime, nextMonday, nowMs, part, zoneOf } from "./dates.js";
import { announce, h } from "./dom.js";
import { icon } from "./icons.js";
import { menu } from "./popover.js";
import { redraw } from "./redraw.js";
import { me } from "./route.js";
import { world } from "./store.js";

let moving = false;

/** move sends an order to the clock and waits until everything that is due has happened. */
export async function move(order) {
  if (moving) return;
  moving = true;
  redraw();
  const result = await act("clock", order);
  moving = false;
  if (result.now) Object.assign(world, { now: result.now, playing: result.playing, rate: result.rate });
  redraw();
  announce(`It is now ${part(nowMs(), { weekday: "long", day: "numeric", month: "long" })}, ${clockTime(nowMs())}.`);
}

const monday = () => ({ set: new Date(nextMonday(zoneOf(me()))).toISOString().replace(".000", "") });

const jumps = [
  { label: "+1 h", title: "One hour on", order: () => ({ advance: "1h" }), testid: "clock-hour" },
  { label: "+1 day", title: "One day on", order: () => ({ advance: "24h" }), testid: "clock-day" },
  { label: "Mon 9:00", title: "On to next Monday, nine in the morning for you", order: monday, testid: "clock-monday" },
];

const speeds = [[60, "A minute a second"], [600, "Ten minutes a second"], [3600, "An hour a second"]];

/** timeMachine draws the clock with its buttons. */
export function timeMachine() {
  return h(
    "div",
    { class: ["time-machine", moving && "moving"], role: "group", "aria-label": "Time machine", "data-testid": "time-machine" },
    h(
      "button",
      { type: "button", class: "now", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": `The clock: ${part(nowMs(), { dateStyle: "full" })}, ${clockTime(nowMs())}. Open time machine`, "data-testid": "clock", "data-now": world.now, onclick: (e) => all(e.currentTarget) },
      icon("clock", "small"),
      h("span", { class: "now-day" }, part(nowMs(), { weekday: "short", day: "numeric", month: "short" })),
      h("b", null, clockTime(nowMs())),
      h("span", { class: "now-zone" }, zoneOf(me()).split("/").at(-1).replace("_", " ")),
    ),
    jumps.map((j) => h("button", { type: "button", class: "jump", title: j.title, "aria-label": j.title, disabled: moving, "data-testid": j.testid, onclick: () => move(j.order()) }, j.label)),
    h("button", { type: "button", class: "jump icon-only", title: world.playing ? "Stop the clock" : "Let time pass", "aria-label": world.playing ? "Stop the clock" : "Let time pass", "data-testid": "clock-play", onclick: (e) => play(e.currentTarget) }, icon(world.playing ? "pause" : "play", "small")),
  );
}

function play(anchor) {
  if (world.playing) move({ play: false });
  else menu(anchor, speeds.map(([rate, label]) => ({ label, icon: "play", run: () => move({ play: true, rate }), testid: `clock-rate-${rate}` })), "play-menu");
}

function all(anchor) {
  menu(
    anchor,
    [
      ...jumps.map((j) => ({ label: j.title, icon: "clock", run: () => move(j.order()) })),
      { label: "One week on", icon: "calendar", run: () => move({ advance: "168h" }), testid: "clock-week" },
      "-",
      ...(world.playing ? [{ label: "Stop the clock", icon: "pause", run: () => move({ play: false }) }] : speeds.map(([rate, label]) => ({ label, icon: "play", run: () => move({ play: true, rate }) }))),
    ],
    "time-menu",
  );
}
