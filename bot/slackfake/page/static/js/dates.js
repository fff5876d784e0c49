// Instants as a person sees them: in their zone, in the form that Slack's <!date^…> asks for.

import { me } from "./route.js";
import { world } from "./store.js";

/** zoneOf is a person's zone; UTC where Slack knows none. */
export const zoneOf = (u) => u?.tz || "UTC";

/** nowMs is the workspace's instant in milliseconds. */
export const nowMs = () => Date.parse(world.now) || 0;

/** tsMs turns a message's ts into milliseconds. */
export const tsMs = (ts) => Math.floor(Number(ts) * 1000);

const formats = new Map();

/** part formats an instant in a person's zone. Days and months are English, as the page is; 12 or 24 hours follow their locale. */
export function part(ms, options, who = me()) {
  const locale = who?.locale === "en-US" || !who?.locale ? "en-US" : "en-GB";
  const key = JSON.stringify([locale, zoneOf(who), options]);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(locale, { timeZone: zoneOf(who), ...options }));
  return formats.get(key).format(new Date(ms));
}

export const clockTime = (ms, who) => part(ms, { hour: "numeric", minute: "2-digit" }, who);
export const dayKey = (ms, who) => part(ms, { year: "numeric", month: "2-digit", day: "2-digit" }, who);
export const longDay = (ms, who) => part(ms, { weekday: "long", month: "long", day: "numeric" }, who);

/** dayName is "Today", "Yesterday", "Tomorrow" or the day. */
export function dayName(ms, who) {
  return nearDay(ms, who) || longDay(ms, who);
}

function nearDay(ms, who) {
  const day = 86400000;
  for (const [name, shift] of [["Today", 0], ["Yesterday", -day], ["Tomorrow", day]]) {
    if (dayKey(ms, who) === dayKey(nowMs() + shift, who)) return name;
  }
  return "";
}

const ordinal = (n) => n + (["th", "st", "nd", "rd"][n % 100 > 10 && n % 100 < 14 ? 0 : n % 10] || "th");

function longDate(ms, options) {
  const day = ordinal(Number(part(ms, { day: "numeric" })));
  const month = part(ms, { month: "long" });
  const year = part(ms, { year: "numeric" });
  return `${options.weekday ? part(ms, { weekday: "long" }) + ", " : ""}${month} ${day}, ${year}`;
}

function ago(ms) {
  const minutes = Math.round((nowMs() - ms) / 60000);
  const words = (n, unit) => `${n} ${unit}${n === 1 ? "" : "s"}`;
  const size = Math.abs(minutes);
  const text = size < 60 ? words(size, "minute") : size < 1440 ? words(Math.round(size / 60), "hour") : words(Math.round(size / 1440), "day");
  return minutes >= 0 ? `${text} ago` : `in ${text}`;
}

const lower = (text) => text.toLowerCase();
const short = { month: "short", day: "numeric", year: "numeric" };

const tokens = {
  date_num: (ms) => part(ms, { year: "numeric", month: "2-digit", day: "2-digit" }, { ...me(), locale: "en-GB" }).split("/").reverse().join("-"),
  date: (ms) => longDate(ms, {}),
  date_short: (ms) => part(ms, short),
  date_long: (ms) => longDate(ms, { weekday: true }),
  date_pretty: (ms) => lower(nearDay(ms)) || longDate(ms, {}),
  date_short_pretty: (ms) => lower(nearDay(ms)) || part(ms, short),
  date_long_pretty: (ms) => lower(nearDay(ms)) || longDate(ms, { weekday: true }),
  day_divider_pretty: (ms) => lower(nearDay(ms)) || part(ms, { weekday: "long", month: "long", day: "numeric" }),
  date_long_full: (ms) => longDate(ms, { weekday: true }),
  time: (ms) => clockTime(ms),
  time_secs: (ms) => part(ms, { hour: "numeric", minute: "2-digit", second: "2-digit" }),
  ago: (ms) => ago(ms),
};

/** slackDate fills <!date^seconds^format|…>; null if the format is not one of Slack's, so that the fallback is shown. */
export function slackDate(seconds, format) {
  const ms = Number(seconds) * 1000;
  if (!Number.isFinite(ms) || !format) return null;
  let known = true;
  const text = format.replace(/\{(\w+)\}/g, (whole, name) => {
    if (tokens[name]) return tokens[name](ms);
    known = false;
    return whole;
  });
  return known ? text : null;
}

/** instantIn turns a civil date and time of a zone into milliseconds. A time in a gap moves forward, an ambiguous one is the first. */
export function instantIn(zone, year, month, day, hour, minute) {
  const wanted = Date.UTC(year, month - 1, day, hour, minute);
  const guesses = [wanted - offsetAt(zone, wanted - 86400000), wanted - offsetAt(zone, wanted + 86400000)];
  const right = guesses.filter((ms) => ms + offsetAt(zone, ms) === wanted);
  return right.length ? Math.min(...right) : Math.max(...guesses);
}

function offsetAt(zone, ms) {
  const f = new Intl.DateTimeFormat("en-US", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric",
  });
  const p = Object.fromEntries(f.formatToParts(new Date(ms)).map((x) => [x.type, Number(x.value)]));
  return Date.UTC(p.year, p.month - 1, p.day, p.hour, p.minute, p.second) - Math.floor(ms / 1000) * 1000;
}

/** nextMonday is the next Monday 9:00 in a zone that lies after now. */
export function nextMonday(zone, hour = 9) {
  for (let days = 0; days < 9; days++) {
    const local = new Date(nowMs() + offsetAt(zone, nowMs()) + days * 86400000);
    if (local.getUTCDay() !== 1) continue;
    const at = instantIn(zone, local.getUTCFullYear(), local.getUTCMonth() + 1, local.getUTCDate(), hour, 0);
    if (at > nowMs()) return at;
  }
  return nowMs() + 7 * 86400000;
}

/** localInput and fromLocalInput convert between an instant and <input type=datetime-local> in a person's zone. */
export function localInput(ms, who) {
  const local = new Date(ms + offsetAt(zoneOf(who), ms));
  return local.toISOString().slice(0, 16);
}
export function fromLocalInput(text, who) {
  const m = /^(\d+)-(\d+)-(\d+)T(\d+):(\d+)/.exec(text);
  return m ? instantIn(zoneOf(who), ...m.slice(1).map(Number)) : NaN;
}
