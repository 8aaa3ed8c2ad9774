// Colours code. The highlighter and each language are loaded when they are first needed.

import { make } from "../../view/dom.js";
import { languages } from "./languages.js";

// Longer code is not coloured, because that would take too long.
const LONGEST = 20_000;
const DEEPEST = 8;

/** The style of each of highlight.js's scopes. Others look like text. */
const STYLES = new Map(`keyword:word literal:word built_in:word selector-tag:word tag:word section:word
  string:quoted regexp:quoted addition:quoted link:quoted symbol:quoted meta.string:quoted
  comment:aside quote:aside doctag:aside meta:aside deletion:removed
  number:number bullet:number
  attr:name attribute:name title:name name:name type:name variable:name template-variable:name selector-class:name selector-id:name`
  .split(/\s+/).map((pair) => /** @type {[string, string]} */ (pair.split(":"))));

/** Draws what highlight.js finds. Its own emitter would make HTML. */
class Emitter {
  root = make("span");
  #open = [this.root];

  /** @param {string} text */
  addText(text) {
    this.#top.append(text);
  }

  /** @param {string} scope like "keyword" or "title.function" */
  startScope(scope) {
    const style = STYLES.get(scope) ?? STYLES.get(scope.split(".")[0]);
    const isDeep = this.#open.length >= DEEPEST;
    this.#open.push(style && !isDeep ? this.#top.appendChild(make("span", style)) : this.#top);
  }

  endScope() {
    if (this.#open.length > 1) this.#open.pop();
  }

  /** @param {string} scope */
  openNode(scope) {
    this.startScope(scope);
  }

  closeNode() {
    this.endScope();
  }

  /** Code in code, such as a script in HTML. @param {Emitter} emitter */
  __addSublanguage(emitter) {
    this.#top.append(...emitter.root.childNodes);
  }

  finalize() { /* nothing is kept back */ }

  toHTML() {
    return "";
  }

  get #top() {
    return this.#open[this.#open.length - 1];
  }
}

/** @type {Promise<any> | undefined} */
let loading;

/** @returns {Promise<any>} */
function load() {
  loading ??= import("../../../vendor/highlight.js/core.min.js").then(({ default: highlighter }) => {
    highlighter.configure({ __emitter: Emitter });
    return highlighter;
  });
  // Without a connection, the next code tries again.
  loading.catch(() => (loading = undefined));
  return loading;
}

/**
 * Colours an element's text, if its language is known. The text does not change.
 * @param {HTMLElement} code @param {string} text @param {string} written the language, as the user wrote it
 */
export async function colour(code, text, written) {
  const language = languages.get(written.toLowerCase());
  if (!language || text.length > LONGEST) return;
  const loaded = Promise.all([load(), import(`../../../vendor/highlight.js/languages/${language}.min.js`)]);
  const [highlighter, grammar] = await loaded.catch(() => []);
  if (!highlighter) return;
  if (!highlighter.getLanguage(language)) highlighter.registerLanguage(language, grammar.default);
  const { root } = highlighter.highlight(text, { language, ignoreIllegals: true })._emitter;
  if (root.textContent === text) code.replaceChildren(...root.childNodes);
}
