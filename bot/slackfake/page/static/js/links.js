// Mentions and links. A link to a place in this workspace opens it here; one to another site opens there, and only when clicked.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { go, ui } from "./route.js";
import { channel, displayName, person, world } from "./store.js";

/** userMention draws @name; a click opens their profile. */
export function userMention(id, label) {
  const u = person(id);
  const name = u ? displayName(u) : label || id;
  return h(
    "button",
    {
      type: "button", class: ["mention", id === ui.as && "me", !u && "unknown"], "data-user": id,
      onclick: (e) => {
        e.stopPropagation();
        if (u) go({ panel: "profile", profile: id, thread: null });
      },
    },
    `@${name}`,
  );
}

/** channelLink draws #name; a click opens it. A private channel that the reader is not in keeps its name to itself. */
export function channelLink(id, label) {
  const c = channel(id);
  const hidden = c && c.kind !== "public" && !c.members.includes(ui.as);
  const name = hidden ? "a private channel" : c?.name || label || id;
  const mark = hidden || c?.kind === "private" ? icon("lock", "small") : "#";
  return h("button", { type: "button", class: "mention channel", onclick: () => c && !hidden && go({ place: c.id }) }, mark, name);
}

const safeSchemes = /^(https?|mailto|tel|slack):/i;

/** link draws a hyperlink; addresses that could run something stay text. */
export function link(target, children) {
  const shown = children || [target.replace(/^mailto:/i, "")];
  if (!safeSchemes.test(target)) return h("span", null, shown);
  const inside = placeOf(target);
  if (inside) return h("a", { href: "#" + inside.href, class: "link", onclick: (e) => follow(e, inside) }, shown);
  return h("a", { href: target, class: "link", target: "_blank", rel: "noopener noreferrer", title: target }, shown);
}

function follow(event, inside) {
  event.preventDefault();
  go(inside.to);
}

/** openAddress does what a click on a link to target would do. */
export function openAddress(target) {
  const inside = placeOf(target);
  if (inside) go(inside.to);
  else if (safeSchemes.test(target)) window.open(target, "_blank", "noopener,noreferrer");
}

// placeOf recognises permalinks of this server, slack:// deep links and Slack's redirect pages.
function placeOf(target) {
  let url;
  try {
    url = new URL(target);
  } catch {
    return null;
  }
  const at = url.searchParams;
  const permalink = /^\/archives\/([A-Z0-9]+)(?:\/p(\d+)(\d{6}))?/.exec(url.pathname);
  if (permalink && (url.host === location.host || url.host.endsWith(".slack.com"))) {
    const ts = permalink[2] && `${permalink[2]}.${permalink[3]}`;
    return to(permalink[1], { message: ts || null, thread: at.get("thread_ts") });
  }
  if (url.protocol === "slack:") {
    const kind = url.host || url.pathname.replace(/\//g, "");
    if (kind === "app") return at.get("tab") === "messages" ? to("@" + (person(world.app.bot_user)?.name || "")) : to("home");
    if (kind === "channel") return to(at.get("id"), { message: at.get("message") });
    if (kind === "user") return to("@" + (person(at.get("id"))?.name || ""));
  }
  if (url.host === "slack.com" && url.pathname === "/app_redirect") return at.get("channel") ? to(at.get("channel")) : to("home");
  return null;
}

function to(place, more = {}) {
  if (!place || place === "@") return null;
  return { href: `channel=${encodeURIComponent(place)}`, to: { place, ...more } };
}
