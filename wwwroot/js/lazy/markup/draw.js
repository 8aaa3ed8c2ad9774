// Turns a message with markup into elements. markdown-it's tokens become elements one by one; there is never any HTML as text.

// For the parser. Named here, it is loaded along with the parser instead of after it.
import "../../../vendor/markdown-it/markdown-it.min.js";
import { make } from "../../view/dom.js";
import { drawPlain } from "../../view/rich.js";
import { emoji } from "./emoji.js";
import { colour } from "./highlight.js";
import { parse } from "./parser.js";

/** @typedef {import("./parser.js").Token} Token */

const NAME = /:([a-z0-9_+-]{1,30}):/g;
// A name of an emoji is no part of 2001:db8:100::1 and std::x. Scripts without blanks between words have no such signs.
const WORD = /[\p{sc=Latin}\p{N}_]/u;
// How many elements are inside each other. What is deeper is drawn without its marks: browsers give up on thousands.
const DEEPEST = 24;

/** @param {string} text @param {string} me the user's nick; empty: mentions are not marked @returns {(Node | string)[]} */
export function draw(text, me) {
  const tokens = parse(text);
  if (tokens.length === 0) return [text];
  const root = document.createDocumentFragment();
  // Text that is one paragraph needs no element for it.
  const [first, ...rest] = tokens;
  const isOne = first.type === "paragraph_open" && rest.findIndex(({ type }) => type === "paragraph_close") === rest.length - 1;
  drawBlocks(isOne ? tokens.slice(1, -1) : tokens, root, me);
  joinTexts(root);
  return [...root.childNodes];
}

/**
 * Makes one text of those that follow each other, such as lines. All at once: the browser's normalize() removes them one by one, which
 * takes a second for a quote of 16 000 lines.
 * @param {DocumentFragment} root
 */
function joinTexts(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const parents = new Set();
  while (walker.nextNode()) {
    const { previousSibling, parentNode } = walker.currentNode;
    if (previousSibling instanceof Text) parents.add(parentNode);
  }
  for (const parent of parents) {
    /** @type {(string[] | Node)[]} */
    const children = [];
    for (const child of [...parent.childNodes]) {
      const last = children[children.length - 1];
      if (!(child instanceof Text)) children.push(child);
      else if (Array.isArray(last)) last.push(child.data);
      else children.push([child.data]);
    }
    parent.replaceChildren(...children.map((child) => (Array.isArray(child) ? child.join("") : child)));
  }
}

/** @param {Token[]} tokens @param {ParentNode} root @param {string} me */
function drawBlocks(tokens, root, me) {
  const open = [root];
  const beginning = tokens[0].type === "paragraph_open" ? 1 : 0;
  tokens.forEach((token, i) => {
    const parent = open[open.length - 1];
    if (token.type === "inline") {
      if (tokens[i - 1]?.type === "inline") parent.append("\n");
      drawInline((token.children ?? []).filter(({ type, content }) => type !== "text" || content), parent, me, i === beginning);
    } else if (token.type === "fence") {
      parent.append(drawCode(token.content, token.info));
    } else if (token.nesting > 0) {
      const element = drawBlock(token);
      parent.append(element);
      open.push(element);
    } else {
      open.pop();
      // The direction of a block is that of its first text, but not of blocks in it that have their own. Set when the block is complete:
      // the browser would look for that text again with each one that is added.
      if (parent instanceof HTMLElement && (open.length === 1 || !/^(?:p|li)$/.test(token.tag))) parent.dir = "auto";
    }
  });
}

/** @param {Token} token */
function drawBlock(token) {
  const element = make(/** @type {"p" | "blockquote" | "ul" | "ol" | "li"} */ (token.tag));
  if (element instanceof HTMLLIElement) {
    if (token.info) element.value = Number(token.info);
    return element;
  }
  if (element instanceof HTMLOListElement) {
    if (token.markup === ")") element.className = "bracket";
    element.style.paddingInlineStart = `${String(token.attrGet("start") ?? "").length + 2.5}ch`;
  } else if (token.markup === "-") element.className = "dash";
  return element;
}

/** @param {Token[]} tokens @param {ParentNode} root @param {string} me @param {boolean} begins whether the message begins here */
function drawInline(tokens, root, me, begins) {
  const open = [root];
  tokens.forEach((token, i) => {
    const parent = open[open.length - 1];
    if (token.type === "text") parent.append(...drawText(token.content, me, begins && i === 0));
    else if (token.type === "code_inline") {
      const code = make("code", "", token.content);
      code.dir = "ltr";
      parent.append(code);
    } else if (token.type === "address") parent.append(drawLink(token));
    else if (token.nesting > 0) {
      const element = open.length < DEEPEST ? make(tagOf(token, tokens[i + 1])) : parent;
      if (element !== parent) parent.append(element);
      open.push(element);
    } else if (token.nesting < 0) open.pop();
    else parent.append(token.content);
  });
}

/** @param {string} text @param {string} me @param {boolean} begins whether the message begins here @returns {(Node | string)[]} */
function drawText(text, me, begins) {
  const nodes = [];
  let done = 0;
  NAME.lastIndex = 0;
  for (let found = NAME.exec(text); found; found = NAME.exec(text)) {
    const { 0: { length }, 1: name, index } = found;
    const sign = emoji.get(name);
    const before = text[index - 1] ?? "";
    if (sign && !WORD.test(before) && (before !== ":" || done === index) && !WORD.test(text[index + length] ?? "")) {
      nodes.push(...drawPlain(text.slice(done, index), me, begins && done === 0), make("span", "emoji", sign));
      NAME.lastIndex = done = index + length;
    } else {
      NAME.lastIndex = index + 1;
    }
  }
  return [...nodes, ...drawPlain(text.slice(done), me, begins && done === 0)];
}

/** One star is bold too, as in other chats. In ***three*** it adds italics. @param {Token} token @param {Token | undefined} next */
function tagOf({ type, markup }, next) {
  if (type === "s_open") return "s";
  return markup === "_" || (markup === "*" && next?.type === "strong_open") ? "em" : "strong";
}

/** @param {Token} token */
function drawLink({ content, info }) {
  const link = make("a", "", content);
  link.href = info;
  link.target = "_blank";
  link.rel = "noopener noreferrer nofollow ugc";
  // Addresses are read from left to right in every text, and signs around them must not turn them.
  link.dir = "ltr";
  // A name with letters that look like others shows what it is.
  if (link.hostname.includes("xn--")) link.title = link.href;
  return link;
}

/** @param {string} text @param {string} language as the user wrote it */
function drawCode(text, language) {
  const code = make("code", "", text);
  const block = make("pre", "", code);
  block.dir = "ltr";
  // Long lines scroll inside, which must work with the keyboard too.
  block.tabIndex = 0;
  if (language) {
    block.dataset.language = language;
    void colour(code, text, language);
  }
  return block;
}
