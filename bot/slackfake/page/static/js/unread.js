// What a person has not seen yet. Everything that was there when the page was opened counts as read.

import { messagesIn, placesOf, world } from "./store.js";

let baseline = "";
const read = new Map();

const key = (user, c) => `${user}/${c.id}`;

/** startReading takes everything that exists as read. */
export function startReading() {
  for (const list of world.messages.values()) if (list.length && list.at(-1).ts > baseline) baseline = list.at(-1).ts;
}

/** markRead says that a person has seen a conversation up to its newest message. */
export function markRead(user, c) {
  const newest = messagesIn(c, user).at(-1)?.ts;
  if (newest) read.set(key(user, c), newest);
}

/** lastRead is the ts up to which a person has seen a conversation. */
export const lastRead = (user, c) => read.get(key(user, c)) || baseline;

/** unread counts the messages of others in a conversation that a person has not seen. */
export function unread(user, c) {
  const list = world.messages.get(c.id);
  const since = lastRead(user, c);
  if (!list?.length || list.at(-1).ts <= since) return 0;
  return messagesIn(c, user).filter((m) => m.ts > since && m.user !== user && m.subtype !== "channel_join").length;
}

/** unreadFor counts the conversations that a person should look at: direct ones only, or all. */
export function unreadFor(user, directOnly) {
  return placesOf(user).filter((c) => (!directOnly || c.kind === "im" || c.kind === "mpim") && unread(user, c)).length;
}
