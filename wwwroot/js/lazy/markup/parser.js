// markdown-it, with the part of Markdown that suits messages. What is no markup stays exactly as it was typed: blanks, empty lines, and
// signs as in __init__.py, src/*.js and 2 * 3. So marks touch their text, stand at the edge of a word, and have their partner in the same
// line. There are no headings, tables, images, HTML and hidden addresses: a link is an address, and is shown.

import MarkdownIt from "../../../vendor/markdown-it/markdown-it.min.js";
import { emoji } from "./emoji.js";
import { findLinks } from "./links.js";

/** @typedef {import("./links.js").Link} Link */
/** @typedef {import("markdown-it").Token} Token */
/** @typedef {import("markdown-it").StateBlock} StateBlock */
/** @typedef {import("markdown-it").StateInline & {links?: Link[], sign?: number}} StateInline  sign: where the next one is */
/** @typedef {(state: StateBlock, start: number, end: number, silent: boolean) => boolean} BlockRule */

// How deep quotes and lists are nested. What is deeper is text.
const NESTING = 8;
const QUOTE = /^>\s+\S/;
// An item has text, and is no line of signs.
const ITEM = /^(?:[-*]|\d{1,9}[.)])\s+(?!(?:[-*]\s)*[-*]?\s*$)/;
const FENCE = /^(`{3,})\s*([\p{L}\p{N}+#._-]{0,30})\s*$/u;
const CJK = "\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}\\p{sc=Hang}\\u3000-\\u303f\\uff00-\\uffef";
// What is before a mark that opens, and after one that closes.
const OPENS = new RegExp(`(?:^|[\\s([{<>"'«“‘„¿¡*_~|—–…:${CJK}])$`, "u");
const CLOSES = new RegExp(`^(?:[.,;:!?)\\]}<>"'»”’…*_~|—–-]{0,8}(?:\\s|$)|['’]\\p{L}|[${CJK}])`, "u");
const UNCLOSED = /[\s,/([{]$/;
const SIGNS = /[\\`*_~]/g;
const NAME = /^:([a-z0-9_+-]{1,30}):/;

const md = new MarkdownIt("zero");

/** @param {string} text @returns {Token[]} */
export const parse = (text) => md.parse(fenced(text), {});

/** Puts fences into lines of their own: people write them after other text too. @param {string} text */
function fenced(text) {
  if (text.includes("````")) return text;
  const parts = text.split("```");
  for (let i = 1; i < parts.length - 1; i += 2) {
    const lines = parts[i].split("\n");
    if (lines.length === 1) continue;
    const opener = lines[0].trim();
    const begins = /^[\s>]*(?:(?:[-*]|\d{1,9}[.)])\s+)?$/.test(parts[i - 1].slice(parts[i - 1].lastIndexOf("\n") + 1));
    if (!begins && /\s/.test(opener)) continue;
    if (!begins) parts[i - 1] += "\n";
    // Only a single word names a language.
    if (/\s/.test(opener)) parts[i] = `\n${parts[i]}`;
    if (!/^[\s>]*$/.test(lines[lines.length - 1])) parts[i] += "\n";
    if (/^[^\n]*\S/.test(parts[i + 1])) parts[i + 1] = `\n${parts[i + 1].trimStart()}`;
  }
  return parts.join("```");
}

/** @param {StateBlock} state @param {number} line */
const lineOf = (state, line) => state.src.slice(state.bMarks[line] + state.tShift[line], state.eMarks[line]);

/** The library's own rule. @param {string} name @returns {BlockRule} */
function own(name) {
  const { ruler } = new MarkdownIt().block;
  ruler.enableOnly([name]);
  return ruler.getRules("")[0];
}

/** @param {string} name @param {BlockRule} rule @param {string[]} ends the rules whose blocks it ends */
function define(name, rule, ends) {
  md.block.ruler.at(name, rule, { alt: ends });
  md.block.ruler.enable(name);
}

const quote = own("blockquote");
define("blockquote", (state, start, end, silent) => {
  if (state.level >= NESTING || !QUOTE.test(lineOf(state, start))) return false;
  // The answer below a quote is no part of it.
  let after = start + 1;
  while (after < end && lineOf(state, after).startsWith(">")) after++;
  return quote(state, start, after, silent);
}, ["paragraph", "blockquote", "list"]);

const list = own("list");
define("list", (state, start, end, silent) =>
  state.level < NESTING && ITEM.test(lineOf(state, start).trimEnd()) && list(state, start, end, silent),
  ["paragraph", "blockquote"]);

define("fence", (state, start, end, silent) => {
  const [, marks, language] = FENCE.exec(lineOf(state, start)) ?? [];
  if (!marks || state.sCount[start] - state.blkIndent > 3) return false;
  // Remembers up to where there is no closing one, so that nothing is searched twice.
  const place = `${marks} ${state.level} ${state.blkIndent} ${end}`;
  if (start < Number(state.env[place])) return false;
  let last = start + 1;
  const isOutside = () => !state.isEmpty(last) && state.sCount[last] < state.blkIndent;
  while (last < end && !isOutside() && lineOf(state, last).trimEnd() !== marks) last++;
  if (last >= end || isOutside()) {
    state.env[place] = last;
    return false;
  }
  const content = state.getLines(start + 1, last, state.sCount[start], false);
  if (!content.trim()) return false;
  if (silent) return true;
  const token = state.push("fence", "code", 0);
  token.content = content;
  token.info = language;
  state.line = last + 1;
  return true;
}, ["paragraph", "blockquote", "list"]);

// The library trims its paragraphs, and joins lines that are not indented to the list or quote above. Each line is parsed by itself.
define("paragraph", (state, start, end) => {
  const rules = md.block.ruler.getRules("paragraph");
  const parent = state.parentType;
  state.parentType = "paragraph";
  let after = start + 1;
  const ends = () => !state.isEmpty(after)
    && (state.sCount[after] < state.blkIndent || rules.some((rule) => rule(state, after, end, true)));
  while (after < end && !ends()) after++;
  while (state.isEmpty(after - 1)) after--;
  state.push("paragraph_open", "p", 1);
  for (let line = start; line < after; line++) {
    const token = state.push("inline", "", 0);
    token.content = state.getLines(line, line + 1, state.blkIndent, false);
    token.children = [];
  }
  state.push("paragraph_close", "p", -1);
  state.line = after;
  state.parentType = parent;
  return true;
}, []);

md.inline.State = class extends md.inline.State {
  /** @param {number} start @returns {{can_open: boolean, can_close: boolean, length: number}} */
  scanDelims(start) {
    const sign = this.src[start];
    let end = start + 1;
    while (this.src[end] === sign) end++;
    const length = end - start;
    // __init__ and the like are names.
    const isMark = sign === "_" ? length === 1 : sign === "~" ? length === 2 : length <= 3;
    const before = this.src.slice(Math.max(0, start - 2), start);
    const after = this.src.slice(end, end + 12);
    return {
      can_open: isMark && /^\S/.test(after) && OPENS.test(before),
      can_close: isMark && before !== "" && !UNCLOSED.test(before) && CLOSES.test(after),
      length,
    };
  }
};

/** Where the next link begins, or the text ends. @param {StateInline} state */
function nextLink(state) {
  state.links ??= findLinks(state.src).reverse();
  // What is in code is no link.
  while ((state.links.at(-1)?.at ?? state.pos) < state.pos) state.links.pop();
  return state.links.at(-1)?.at ?? state.posMax;
}

/**
 * Where the next sign of markup is, or the text ends. It is kept, since otherwise a text of links would be searched after each of them.
 * @param {StateInline} state
 */
function nextSign(state) {
  if (state.sign === undefined || state.sign < state.pos) {
    SIGNS.lastIndex = state.pos;
    state.sign = SIGNS.exec(state.src)?.index ?? state.posMax;
  }
  return state.sign;
}

md.inline.ruler.at("linkify", (/** @type {StateInline} */ state, silent) => {
  if (nextLink(state) !== state.pos || silent) return false;
  const link = /** @type {Link} */ (state.links?.at(-1));
  const token = state.push("address", "a", 0);
  token.content = link.text;
  token.info = link.href;
  state.pos = link.end;
  return true;
});

md.inline.ruler.at("text", (/** @type {StateInline} */ state, silent) => {
  const end = Math.min(nextSign(state), nextLink(state));
  if (end === state.pos) return false;
  if (!silent) state.pending += state.src.slice(state.pos, end);
  state.pos = end;
  return true;
});

md.inline.ruler.at("escape", (state, silent) => {
  const { src, pos } = state;
  if (src[pos] !== "\\") return false;
  // ¯\_(ツ)_/¯
  const shrugs = src[pos - 1] === "¯";
  if (!shrugs && !isEscaped(src, pos + 1)) return false;
  if (!silent) state.push("text_special", "", 0).content = shrugs ? src.slice(pos, pos + 2) : src[pos + 1];
  state.pos += 2;
  return true;
});

/** Whether a sign would be markup without a backslash before it. @param {string} text @param {number} at */
function isEscaped(text, at) {
  if (/[*_~`]/.test(text[at] ?? "")) return true;
  const before = text.slice(0, at - 1);
  const after = text.slice(at, at + 33);
  return emoji.has(NAME.exec(after)?.[1] ?? "")
    || (/^[>-]\s/.test(after) && !before.trim()) || (/^[.)]\s/.test(after) && /^\s*\d{1,9}$/.test(before));
}

md.core.ruler.enableOnly(["normalize", "block", "inline"]);
md.inline.ruler.enableOnly(["text", "linkify", "escape", "backticks", "strikethrough", "emphasis"]);
md.inline.ruler2.enable(["strikethrough", "emphasis"]);
