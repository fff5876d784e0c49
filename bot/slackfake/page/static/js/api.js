// The control API, as the page uses it. Whatever goes wrong there is told to the person.

import { toast } from "./toast.js";

const headers = { "Content-Type": "application/json" };

/** get reads /control/<path>; throws with the server's own words. */
export async function get(path) {
  return answer(await fetch(`/control/${path}`));
}

/** post sends body to /control/<path> and returns the answer; throws with the server's own words. */
export async function post(path, body) {
  return answer(await fetch(`/control/${path}`, { method: "POST", headers, body: JSON.stringify(body) }));
}

async function answer(response) {
  const text = await response.text();
  let body = null;
  try {
    body = text ? JSON.parse(text) : {};
  } catch {
    throw new Error(text.trim().slice(0, 300) || response.statusText);
  }
  if (!response.ok) throw new Error(body?.error || response.statusText);
  return body;
}

const meanings = {
  not_connected: "No app is connected, so nobody heard that. Start one with the tokens of this workspace.",
  "no ack in 3 s": "The app did not acknowledge within 3 seconds. Slack would now say that it failed.",
  expired_trigger_id: "The app opened its window too late: a trigger lives for 3 seconds.",
  channel_not_found: "There is no such conversation any more.",
  cant_delete_message: "Only who wrote a message, and admins of the workspace, can delete it.",
  not_in_channel: "You are not in this channel. Join it first.",
};

/** explain turns an error code of the control API into a sentence. */
export const explain = (code) => meanings[code] || code;

/**
 * act does something as a person. Errors become a message on the screen; the answer is returned in any case, or null if there is none.
 * quiet keeps the error for the caller.
 */
export async function act(path, body, { quiet = false } = {}) {
  try {
    const result = await post(path, body);
    if (result.error && !quiet) toast(explain(result.error), { kind: "error", detail: `${path} · ${result.error}` });
    return result;
  } catch (error) {
    if (!quiet) toast(explain(error.message), { kind: "error", detail: path });
    return { error: error.message };
  }
}
