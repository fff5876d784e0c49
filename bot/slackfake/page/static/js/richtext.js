// rich_text blocks, and the markdown block (CommonMark as far as apps use it), as DOM nodes.

import { h } from "./dom.js";
import { part, slackDate } from "./dates.js";
import { channelLink, link, userMention } from "./links.js";
import { emojiNode, emojis } from "./mrkdwn.js";
import { group } from "./store.js";

/** richText renders a rich_text block's elements. */
export function richText(elements) {
  return (elements || []).map(richBlock);
}

function richBlock(e) {
  switch (e.type) {
    case "rich_text_list": {
      const style = { "margin-inline-start": `${(e.indent || 0) * 24}px` };
      const items = (e.elements || []).map((item) => h("li", null, richInline(item.elements)));
      return e.style === "ordered" ? h("ol", { style, start: (e.offset || 0) + 1, class: `list o${(e.indent || 0) % 3}` }, items) : h("ul", { style, class: "list" }, items);
    }
    case "rich_text_quote":
      return h("blockquote", null, richInline(e.elements));
    case "rich_text_preformatted":
      return h("pre", { class: "pre" }, (e.elements || []).map((x) => x.text || x.url || ""));
    default:
      return h("div", { class: "rich-section" }, richInline(e.elements));
  }
}

function richInline(elements) {
  return (elements || []).map((e) => styled(richElement(e), e.style));
}

function richElement(e) {
  switch (e.type) {
    case "text":
      return e.text.split("\n").flatMap((line, i) => (i ? [h("br"), line] : [line]));
    case "link":
      return link(e.url, e.text ? [e.text] : null);
    case "emoji":
      return emojiNode(e.name);
    case "user":
      return userMention(e.user_id);
    case "usergroup":
      return h("span", { class: "mention" }, "@" + (group(e.usergroup_id)?.handle || "group"));
    case "channel":
      return channelLink(e.channel_id);
    case "broadcast":
      return h("span", { class: "mention broadcast" }, "@" + e.range);
    case "date":
      return h("time", { class: "date" }, slackDate(e.timestamp, e.format || "") ?? e.fallback ?? part(e.timestamp * 1000, { dateStyle: "medium" }));
    case "color":
      return h("code", { class: "code" }, e.value);
    default:
      return e.text || "";
  }
}

function styled(node, style) {
  if (!style) return node;
  for (const [flag, tag] of [["code", "code"], ["bold", "strong"], ["italic", "em"], ["strike", "s"], ["underline", "u"], ["highlight", "mark"]]) {
    if (style[flag]) node = h(tag, { class: tag === "code" ? "code" : null }, node);
  }
  return node;
}

/** markdown renders a markdown block's text: headings, lists, quotes, fences, rules, tables, and inline marks. */
export function markdown(text) {
  const lines = String(text ?? "").split("\n");
  const out = [];
  let paragraph = [];
  const flush = () => {
    if (paragraph.length) out.push(h("p", null, paragraph.flatMap((l, i) => (i ? [h("br"), ...mdInline(l)] : mdInline(l)))));
    paragraph = [];
  };
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    const take = (pattern) => {
      const from = i;
      while (i + 1 < lines.length && pattern.test(lines[i + 1])) i++;
      return lines.slice(from, i + 1);
    };
    const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line);
    if (/^```/.test(line)) {
      flush();
      const from = i + 1;
      i++;
      while (i < lines.length && !/^```/.test(lines[i])) i++;
      out.push(h("pre", { class: "pre" }, lines.slice(from, i).join("\n")));
    } else if (heading) {
      flush();
      out.push(h("p", { class: "md-heading", role: "heading", "aria-level": String(heading[1].length + 2) }, mdInline(heading[2])));
    } else if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) {
      flush();
      out.push(h("hr"));
    } else if (/^>/.test(line)) {
      flush();
      out.push(h("blockquote", null, markdown(take(/^>/).map((l) => l.replace(/^> ?/, "")).join("\n"))));
    } else if (listItem.test(line)) {
      flush();
      out.push(mdList(take(/^\s*([-*+]|\d+[.)])\s+|^\s{2,}\S/)));
    } else if (/^\|.*\|\s*$/.test(line) && /^\|[\s:|-]+\|\s*$/.test(lines[i + 1] || "")) {
      flush();
      out.push(mdTable(take(/^\|/)));
    } else if (line.trim() === "") {
      flush();
    } else {
      paragraph.push(line);
    }
  }
  flush();
  return out;
}

const listItem = /^(\s*)([-*+]|\d+[.)])\s+(.*)$/;

function mdList(lines) {
  const first = listItem.exec(lines[0]);
  const depth = first[1].length;
  const items = [];
  for (const line of lines) {
    const m = listItem.exec(line);
    if (m && m[1].length <= depth) items.push({ text: m[3], below: [] });
    else items.at(-1).below.push(line);
  }
  const nodes = items.map((item) => {
    const task = /^\[([ xX])\]\s+(.*)$/.exec(item.text);
    const text = task ? [task[1] === " " ? "☐ " : "☑ ", ...mdInline(task[2])] : mdInline(item.text);
    const nested = item.below.length ? (listItem.test(item.below[0]) ? mdList(item.below) : h("div", null, mdInline(item.below.join(" ")))) : null;
    return h("li", null, text, nested);
  });
  return /\d/.test(first[2]) ? h("ol", { class: "list", start: parseInt(first[2], 10) }, nodes) : h("ul", { class: "list" }, nodes);
}

function mdTable(lines) {
  const cells = (line) => line.trim().replace(/^\||\|$/g, "").split("|").map((c) => mdInline(c.trim()));
  const [head, , ...rows] = lines;
  return h(
    "div",
    { class: "table-scroll" },
    h("table", { class: "table" }, h("thead", null, h("tr", null, cells(head).map((c) => h("th", null, c)))), h("tbody", null, rows.map((r) => h("tr", null, cells(r).map((c) => h("td", null, c)))))),
  );
}

const mdPattern = /(`+)(.+?)\1|\*\*(.+?)\*\*|__(.+?)__|\*([^*\s][^*]*?)\*|\b_([^_]+?)_\b|~~(.+?)~~|!?\[([^\]]*)\]\(([^)\s]+)\)|<(https?:[^>\s]+)>|<@([UW][A-Z0-9]+)>|<#([CDG][A-Z0-9]+)>|(https?:\/\/[^\s<>)]+)/;

function mdInline(text) {
  const out = [];
  let rest = text;
  for (let m = mdPattern.exec(rest); m; m = mdPattern.exec(rest)) {
    out.push(...emojis(rest.slice(0, m.index)), mdNode(m));
    rest = rest.slice(m.index + m[0].length);
  }
  return [...out, ...emojis(rest)];
}

function mdNode(m) {
  if (m[2] !== undefined) return h("code", { class: "code" }, m[2]);
  if (m[3] || m[4]) return h("strong", null, mdInline(m[3] || m[4]));
  if (m[5] || m[6]) return h("em", null, mdInline(m[5] || m[6]));
  if (m[7]) return h("s", null, mdInline(m[7]));
  if (m[9]) return link(m[9], mdInline(m[8] || m[9]));
  if (m[11]) return userMention(m[11]);
  if (m[12]) return channelLink(m[12]);
  return link(m[10] || m[13]);
}
