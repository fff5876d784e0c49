// Block Kit as DOM nodes: what an app composes, drawn the way Slack lays it out.

import { chart } from "./charts.js";
import { h } from "./dom.js";
import { element } from "./elements.js";
import { field } from "./fields.js";
import { icon } from "./icons.js";
import { mrkdwn, plain } from "./mrkdwn.js";
import { markdown, richText } from "./richtext.js";
import { dataTable, table } from "./table.js";

/**
 * blocks renders a list of blocks. place says where they are, so that their elements can act:
 * {channel, ts} for a message, {view} for a modal or Home.
 */
export function blocks(list, place) {
  return (Array.isArray(list) ? list : []).map((block, i) => {
    const draw = kinds[block?.type] || unknown;
    const key = block?.block_id || `${block?.type}-${i}`;
    return h("div", { class: `block b-${block?.type}`, "data-key": key, "data-block-id": block?.block_id, "data-block": block?.type }, draw(block, place, i));
  });
}

/** textObject renders a text object, mrkdwn or plain. */
export function textObject(text) {
  if (!text) return null;
  if (typeof text === "string") return plain(text);
  return text.type === "mrkdwn" ? mrkdwn(text.text, { verbatim: text.verbatim }) : plain(text.text, text.emoji !== false);
}

const kinds = {
  section(b, place) {
    return [
      h(
        "div",
        { class: "section-body" },
        b.text && h("div", { class: "text" }, lineBreaks(b.text)),
        b.fields && h("div", { class: "section-fields" }, b.fields.map((f) => h("div", { class: "text" }, lineBreaks(f)))),
      ),
      b.accessory && h("div", { class: "accessory" }, element(b.accessory, b, place)),
    ];
  },
  header: (b) => h("div", { class: "header", role: "heading", "aria-level": b.level ? String(b.level) : "3" }, textObject(b.text)),
  divider: () => h("hr"),
  context: (b) => h("div", { class: "context" }, (b.elements || []).map((e) => (e.type === "image" ? picture(e, "context-image") : h("span", { class: "text" }, lineBreaks(e))))),
  actions: (b, place) => h("div", { class: "actions" }, (b.elements || []).map((e) => element(e, b, place))),
  context_actions: (b, place) => h("div", { class: "actions" }, (b.elements || []).map((e) => element(e, b, place))),
  image: (b) => h("figure", { class: "image" }, b.title && h("figcaption", null, textObject(b.title)), picture(b, "image-body")),
  input: (b, place) => field(b, place),
  rich_text: (b) => h("div", { class: "text" }, richText(b.elements)),
  markdown: (b) => h("div", { class: "text markdown" }, markdown(b.text)),
  data_visualization: (b) => chart(b),
  data_table: (b, place) => dataTable(b, place),
  table: (b) => table(b),
  alert: (b) => h("div", { class: `alert ${b.level || "default"}`, role: "note" }, icon(b.level === "success" ? "check" : b.level === "error" || b.level === "warning" ? "warning" : "info"), h("div", { class: "text" }, textObject(b.text))),
  card: (b, place) => card(b, place),
  carousel: (b, place) => h("div", { class: "carousel", tabindex: "0", role: "group", "aria-label": "Cards" }, (b.elements || []).map((c) => card(c, place))),
  video: (b) => h("figure", { class: "image" }, h("figcaption", null, textObject(b.title)), picture({ image_url: b.thumbnail_url, alt_text: b.alt_text || "Video" }, "image-body")),
  file: (b) => h("div", { class: "file" }, icon("link"), `File ${b.external_id || ""}`),
};

function lineBreaks(text) {
  if (text.type === "mrkdwn") return textObject(text);
  return String(text.text ?? text).split("\n").flatMap((line, i) => [i > 0 && h("br"), ...plain(line, text.emoji !== false)]);
}

function unknown(b) {
  return h("div", { class: "alert warning" }, icon("warning"), h("div", { class: "text" }, `This page cannot draw a block of type “${b?.type}”.`));
}

function card(c, place) {
  return h(
    "article",
    { class: "card" },
    c.hero_image && picture(c.hero_image, "card-hero"),
    h(
      "div",
      { class: "card-head" },
      c.icon && picture(c.icon, "card-icon"),
      h("div", null, c.title && h("div", { class: "card-title" }, textObject(c.title)), c.subtitle && h("div", { class: "faint" }, textObject(c.subtitle))),
    ),
    c.body && h("div", { class: "text" }, textObject(c.body)),
    c.subtext && h("div", { class: "faint" }, textObject(c.subtext)),
    c.actions?.length > 0 && h("div", { class: "actions" }, c.actions.map((e) => element(e, c, place))),
  );
}

/** picture draws an image of this server; one from elsewhere is described, since this page asks no other host for anything. */
export function picture(e, className) {
  const address = e.image_url || e.slack_file?.url || "";
  if (address.startsWith("/") || address.startsWith(location.origin + "/") || address.startsWith("data:image/")) {
    return h("img", { class: className, src: address, alt: e.alt_text || "" });
  }
  return h(
    "span",
    { class: `${className} elsewhere`, role: "img", "aria-label": e.alt_text || "Image", title: address },
    icon("image"),
    className === "context-image" ? null : h("span", null, e.alt_text || "Image"),
  );
}
