// Slack's mrkdwn as DOM nodes. The text is escaped as Slack keeps it: &amp; &lt; &gt;, and <…> for mentions, links and dates.

import { h } from "./dom.js";
import { slackDate } from "./dates.js";
import { emoji } from "./emoji.js";
import { channelLink, link, userMention } from "./links.js";
import { group } from "./store.js";

/** decode undoes Slack's three entities. */
export const decode = (text) => String(text ?? "").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** plain renders a plain_text object's text: no formatting, emoji names become emoji. */
export function plain(text, withEmoji = true) {
  return withEmoji ? emojis(decode(text)) : [decode(text)];
}

/** emojis turns :names: into emoji and leaves the rest as text. */
export function emojis(text) {
  const out = [];
  let last = 0;
  for (const m of text.matchAll(/:([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):/g)) {
    const char = emoji(m[1]);
    if (!char) continue;
    out.push(text.slice(last, m.index), emojiNode(m[1], char));
    last = m.index + m[0].length;
  }
  out.push(text.slice(last));
  return out.filter((x) => x !== "");
}

/** emojiNode draws one emoji; a name that is unknown stays readable. */
export function emojiNode(name, char = emoji(name)) {
  return char ? h("span", { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " "), title: `:${name}:` }, char) : `:${name}:`;
}

/** mrkdwn renders a whole text: code fences, quotes, bullets and paragraphs of lines. */
export function mrkdwn(text, { verbatim = false } = {}) {
  const out = [];
  const source = String(text ?? "");
  let last = 0;
  for (const m of source.matchAll(/```([\s\S]+?)```/g)) {
    out.push(...quotes(source.slice(last, m.index).replace(/\n$/, ""), verbatim));
    out.push(h("pre", { class: "pre" }, codeText(m[1].replace(/^\n/, "").replace(/\n$/, ""))));
    last = m.index + m[0].length;
  }
  out.push(...quotes(last ? source.slice(last).replace(/^\n/, "") : source, verbatim));
  return out;
}

// Inside code only <…> is resolved, to its label or address.
const codeText = (text) => decode(text.replace(/<([^<>\n]+)>/g, (_, body) => body.split("|").at(-1).replace(/^mailto:/, "")));

function quotes(text, verbatim) {
  if (text === "") return [];
  const out = [];
  const rest = /^(?:>>>|&gt;&gt;&gt;)/m.exec(text);
  const head = rest ? text.slice(0, rest.index).replace(/\n$/, "") : text;
  let run = null;
  const flush = () => {
    if (!run) return;
    out.push(run.quote ? h("blockquote", null, lines(run.lines, verbatim)) : lines(run.lines, verbatim));
    run = null;
  };
  if (head || !rest) {
    for (const line of head.split("\n")) {
      const mark = /^(?:>|&gt;) ?/.exec(line);
      if (!run || run.quote !== Boolean(mark)) {
        flush();
        run = { quote: Boolean(mark), lines: [] };
      }
      run.lines.push(mark ? line.slice(mark[0].length) : line);
    }
  }
  flush();
  if (rest) out.push(h("blockquote", null, lines(text.slice(rest.index + rest[0].length).replace(/^\s/, "").split("\n"), verbatim)));
  return out;
}

// lines joins with line breaks; a line that begins with a bullet or a number hangs.
function lines(list, verbatim) {
  const out = [];
  list.forEach((line, i) => {
    const bullet = /^(\s*)([•◦▪–-]|\d{1,2}\.)\s+(.*)$/.exec(line);
    if (bullet) {
      const depth = Math.min(3, Math.floor(bullet[1].length / 2));
      out.push(h("span", { class: `hang depth-${depth}` }, h("span", { class: "bullet" }, bullet[2]), h("span", null, inline(bullet[3], verbatim))));
      return;
    }
    const before = i > 0 && !/^(\s*)([•◦▪–-]|\d{1,2}\.)\s+/.test(list[i - 1]);
    if (before) out.push(h("br"));
    out.push(...inline(line, verbatim));
  });
  return out;
}

const wordy = /[\p{L}\p{N}]/u;

/** inline renders one line: <…>, code, bold, italic, strike, emoji. */
export function inline(text, verbatim = false) {
  const out = [];
  let plainFrom = 0;
  let at = 0;
  const flush = (end) => {
    if (end > plainFrom) out.push(...emojis(decode(text.slice(plainFrom, end))));
  };
  const emit = (end, node) => {
    flush(at);
    out.push(node);
    at = plainFrom = end;
  };
  while (at < text.length) {
    const char = text[at];
    if (char === "<") {
      const end = text.indexOf(">", at);
      const node = end > at + 1 ? entity(text.slice(at + 1, end), text.slice(0, at)) : null;
      if (node) {
        emit(end + 1, node);
        continue;
      }
    } else if (char === "`") {
      const end = text.indexOf("`", at + 1);
      if (end > at + 1) {
        emit(end + 1, h("code", { class: "code" }, codeText(text.slice(at + 1, end))));
        continue;
      }
    } else if (tags[char]) {
      const end = closing(text, at);
      if (end > 0) {
        emit(end + 1, h(tags[char], null, inline(text.slice(at + 1, end), verbatim)));
        continue;
      }
    }
    at++;
  }
  flush(text.length);
  return out;
}

const tags = { "*": "strong", _: "em", "~": "s" };

// closing finds the mark that ends what begins at `at`: Slack opens only after a non-word, before a non-space, and closes likewise.
function closing(text, at) {
  const mark = text[at];
  if (at > 0 && wordy.test(text[at - 1])) return -1;
  if (!text[at + 1] || /\s/.test(text[at + 1]) || text[at + 1] === mark) return -1;
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === "<" || text[i] === "`") {
      const end = text.indexOf(text[i] === "<" ? ">" : "`", i + 1);
      if (end > 0) i = end;
      continue;
    }
    if (text[i] !== mark || /\s/.test(text[i - 1])) continue;
    if (text[i + 1] && wordy.test(text[i + 1])) continue;
    return i;
  }
  return -1;
}

// entity renders what stands between < and >; null if it is nothing that Slack knows, and so stays text.
function entity(body, before) {
  const bar = body.indexOf("|");
  const target = bar < 0 ? body : body.slice(0, bar);
  const label = bar < 0 ? "" : decode(body.slice(bar + 1));
  if (/^@[UW][A-Z0-9]+$/.test(target)) return userMention(target.slice(1), label);
  if (/^#[CDG][A-Z0-9]+$/.test(target)) return channelLink(target.slice(1), label);
  if (target.startsWith("!")) return special(target.slice(1), label, before);
  if (/^mailto:/i.test(target) || /^[a-z][a-z0-9+.-]*:/i.test(target)) return link(decode(target), label ? emojis(label) : null);
  return null;
}

function special(word, label, before) {
  if (/^(here|channel|everyone)$/.test(word)) return h("span", { class: "mention broadcast" }, `@${word}`);
  if (word.startsWith("subteam^")) {
    const g = group(word.slice("subteam^".length));
    return h("span", { class: "mention", title: g?.name }, g ? `@${g.handle}` : label || "@group");
  }
  if (!word.startsWith("date^")) return label ? h("span", { class: "mention" }, label) : null;
  const [, seconds, format, target] = word.split("^");
  let text = slackDate(seconds, decode(format || "")) ?? (label || word);
  if (!before.trim()) text = text.charAt(0).toUpperCase() + text.slice(1);
  const time = h("time", { datetime: isoOf(seconds), title: label || null, class: "date" }, text);
  return target ? link(decode(target), [time]) : time;
}

function isoOf(seconds) {
  const date = new Date(Number(seconds) * 1000);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
