// Parses markup: `code`, ```blocks```, *bold*, _italic_, links, :emoji: and mentions.
// Returns tokens; the view turns them into elements. Every rule looks ahead a bounded distance or searches once per
// kind, so that no malicious message can be slow.

import { emoji } from "./emoji.js";

/**
 * @typedef {{type: "text" | "code" | "block" | "emoji" | "mention", text: string}
 *   | {type: "bold" | "italic", children: Token[]}
 *   | {type: "link", text: string, href: string}} Token
 */

const WORD = /[\p{L}\p{N}]/u;
const LINK = /https?:\/\/[^\s<>"`]{1,2000}/iy;
const EMOJI = /:([a-z0-9_+-]{1,30}):/y;
const NICK = /@?[\p{L}\p{M}\p{N}]{1,64}/uy;

/** @param {string} text @param {string} me @returns {Token[]} */
export function parse(text, me) {
  /** @type {Token[]} */
  const tokens = [];
  const parts = text.split("```");
  parts.forEach((part, i) => {
    const closed = i % 2 === 1 && i < parts.length - 1;
    if (closed && part.trim()) tokens.push({ type: "block", text: part.replace(/^\n/, "").replace(/\n$/, "") });
    // Unclosed or empty fences are plain text.
    else tokens.push(...inline(closed ? "```" + part + "```" : i % 2 === 1 ? "```" + part : part, me));
  });
  return tokens;
}

/** @param {string} text @param {string} me @param {string} [within] marks that are open around this @returns {Token[]} */
function inline(text, me, within = "") {
  /** @type {Token[]} */
  const tokens = [];
  /** Marks without a partner in the rest, so that each is searched once. */
  const lonely = new Set(within);
  let plain = 0;
  let at = 0;
  /** @param {Token} token @param {number} end */
  const put = (token, end) => {
    if (plain < at) tokens.push({ type: "text", text: text.slice(plain, at) });
    tokens.push(token);
    plain = at = end;
  };
  while (at < text.length) {
    const char = text[at];
    const before = text[at - 1] ?? "";
    if ((char === "`" || char === "*" || char === "_") && !lonely.has(char)) {
      const end = closing(text, at, char);
      if (end < 0) lonely.add(char);
      if (end > 0 && (char === "`" || !WORD.test(before))) {
        const inside = text.slice(at + 1, end);
        if (char === "`") put({ type: "code", text: inside }, end + 1);
        else put({ type: char === "*" ? "bold" : "italic", children: inline(inside, me, within + char) }, end + 1);
        continue;
      }
    } else if (char === ":") {
      const found = match(EMOJI, text, at);
      const sign = found && emoji.get(found[1]);
      if (found && sign) {
        put({ type: "emoji", text: sign }, at + found[0].length);
        continue;
      }
    } else if ((char === "h" || char === "H") && !WORD.test(before)) {
      const link = linkAt(text, at);
      if (link) {
        put({ type: "link", text: link, href: link }, at + link.length);
        continue;
      }
    }
    if ((char === "@" || WORD.test(char)) && !WORD.test(before) && before !== "@") {
      const word = match(NICK, text, at)?.[0];
      if (word && me && mentions(word, me)) {
        put({ type: "mention", text: word }, at + word.length);
        continue;
      }
      at += word?.length ?? 1;
      continue;
    }
    at++;
  }
  if (plain < at) tokens.push({ type: "text", text: text.slice(plain) });
  return tokens;
}

/** @param {RegExp} sticky @param {string} text @param {number} at */
function match(sticky, text, at) {
  sticky.lastIndex = at;
  return sticky.exec(text);
}

/**
 * The index of a mark's partner in the same line; -1: none anywhere, 0: none that fits here.
 * @param {string} text @param {number} at @param {string} mark
 */
function closing(text, at, mark) {
  const end = text.indexOf(mark, at + 1);
  if (end < 0) return -1;
  const newline = text.indexOf("\n", at);
  if (end === at + 1 || (newline >= 0 && newline < end)) return 0;
  if (mark === "`") return end;
  // Marks touch their text, unlike in 2 * 3 * 4 and snake_case_words.
  return /\s/.test(text[at + 1]) || /\s/.test(text[end - 1]) || WORD.test(text[end + 1] ?? "") ? 0 : end;
}

/** The address at an index, without punctuation of the sentence. @param {string} text @param {number} at */
function linkAt(text, at) {
  let link = match(LINK, text, at)?.[0];
  if (!link) return null;
  link = link.replace(/[.,;:!?'*_]+$/, "");
  while (link.endsWith(")") && link.split(")").length > link.split("(").length) link = link.slice(0, -1);
  return URL.canParse(link) ? link : null;
}

/** Whether a nick occurs in a text as a word of its own. @param {string} text @param {string} nick */
export function mentions(text, nick) {
  if (!nick) return false;
  const low = text.normalize().toLowerCase();
  const name = nick.toLowerCase();
  for (let at = low.indexOf(name); at >= 0; at = low.indexOf(name, at + 1)) {
    const end = at + name.length;
    // Two units, because letters of some scripts are surrogate pairs.
    const [before, after] = [low.slice(Math.max(0, at - 2), at), low.slice(end, end + 2)];
    if (!/[\p{L}\p{M}\p{N}_]$/u.test(before) && !/^[\p{L}\p{M}\p{N}_]/u.test(after)) return true;
  }
  return false;
}
