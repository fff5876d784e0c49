// Faces: drawn from a person's id and colour, so that everybody looks different and nobody looks like anybody.

import { h } from "./dom.js";
import { displayName, world } from "./store.js";

function hash(text) {
  let n = 2166136261;
  for (let i = 0; i < text.length; i++) n = Math.imul(n ^ text.charCodeAt(i), 16777619);
  return n >>> 0;
}

const faces = ["f6d7b0", "f2c48d", "ffe2c7", "c8e3d4", "f7c6b7", "d9d2f0", "ffd98a", "bfe0ea"];

/** avatar draws a person or app; size in pixels. It is decoration: the name stands beside it. */
export function avatar(u, size = 36) {
  const box = { class: ["avatar", u?.is_bot && "bot"], style: { width: `${size}px`, height: `${size}px` }, "aria-hidden": "true" };
  if (u && u.id === world.app.bot_user) return h("span", box, h("img", { src: "/static/icon.svg", alt: "" }));
  const n = hash(u?.id || "?");
  const colour = /^[0-9a-f]{6}$/i.test(u?.color || "") ? u.color : "6b7280";
  if (u?.is_bot) return h("span", box, robot(colour));
  const face = faces[n % faces.length];
  const dx = ((n >>> 3) % 9) - 4;
  const dy = ((n >>> 6) % 5) + 6;
  const turn = ((n >>> 9) % 41) - 20;
  const smile = (n >>> 12) % 3;
  const mouths = ["M14 24q4 3.500 8 0", "M14.500 23.500q3.500 2.200 7 0", "M14 23q4 5.500 8 0z"];
  return h(
    "span",
    box,
    h(
      "svg",
      { viewBox: "0 0 36 36" },
      h("rect", { width: 36, height: 36, fill: `#${colour}` }),
      h("rect", { x: dx, y: dy, width: 36, height: 36, rx: (n >>> 15) % 2 ? 18 : 10, fill: `#${face}`, transform: `rotate(${turn} 18 18)` }),
      h(
        "g",
        { transform: `translate(${dx / 2} ${dy / 3 - 1}) rotate(${turn / 4} 18 18)` },
        h("path", { d: mouths[smile], fill: smile === 2 ? "#3a2b2b" : "none", stroke: "#3a2b2b", "stroke-width": 1.5, "stroke-linecap": "round" }),
        h("circle", { cx: 13.500, cy: 17.500, r: 1.600, fill: "#3a2b2b" }),
        h("circle", { cx: 22.500, cy: 17.500, r: 1.600, fill: "#3a2b2b" }),
      ),
    ),
  );
}

function robot(colour) {
  return h(
    "svg",
    { viewBox: "0 0 36 36" },
    h("rect", { width: 36, height: 36, fill: `#${colour}` }),
    h("path", { d: "M18 6v5", stroke: "#fff", "stroke-width": 2, "stroke-linecap": "round" }),
    h("circle", { cx: 18, cy: 6, r: 2, fill: "#fff" }),
    h("rect", { x: 8, y: 11, width: 20, height: 15, rx: 4, fill: "#fff" }),
    h("circle", { cx: 14, cy: 18, r: 2.200, fill: `#${colour}` }),
    h("circle", { cx: 22, cy: 18, r: 2.200, fill: `#${colour}` }),
  );
}

/** badge says what kind of person somebody is, where it is not an ordinary one. */
export function badge(u) {
  if (!u) return null;
  if (u.is_bot) return h("span", { class: "tag" }, "APP");
  if (u.deleted) return h("span", { class: "tag quiet" }, "deactivated");
  if (u.is_stranger) return h("span", { class: "tag quiet", title: "From another company, through Slack Connect" }, "external");
  if (u.is_restricted || u.is_ultra_restricted) return h("span", { class: "tag quiet" }, "guest");
  return null;
}

/** face is an avatar with a name, for lists. */
export const face = (u, size = 24) => [avatar(u, size), h("span", { class: "face-name" }, displayName(u)), badge(u)];
