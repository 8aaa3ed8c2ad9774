// Draws the text of messages. Markup needs js/lazy/markup, which is loaded with the first message that has any.

import { hasMarkup, plain } from "../text/plain.js";
import { make } from "./dom.js";

/** @typedef {{draw: (text: string, me: string) => (Node | string)[]}} Markup */

// Longer texts, in UTF-16 units, are not parsed: that could take long. The server accepts no more, unless its operator raises the limit.
const LONGEST = 16_384;

/** @type {Markup | undefined} */
let markup;
let loading = false;
/** @type {{load: () => Promise<Markup>, came: () => void}} */
let host;

/** @param {typeof host} handlers came: markup can be drawn from now on */
export const begin = (handlers) => (host = handlers);

/** @param {string} text @param {string} me @param {boolean} [begins] @returns {(Node | string)[]} */
export const drawPlain = (text, me, begins) =>
  plain(text, me, begins).map((token) => (token.type === "text" ? token.text : make("span", token.type, token.text)));

/** @param {string} text */
const isRich = (text) => text.length <= LONGEST && hasMarkup(text);

/** How a line's text is drawn now, as a string to compare. @param {import("../model/line.js").Line} line */
export const richness = (line) => (markup && (line.rich ??= isRich(line.text)) ? "rich" : "");

/** @param {string} text @param {string} me the user's nick; empty: mentions are not marked @returns {(Node | string)[]} */
export function rich(text, me) {
  try {
    if (isRich(text)) {
      if (markup) return markup.draw(text, me);
      load();
    }
  } catch (error) {
    // A mistake in there must not make the conversation unreadable.
    console.error(error);
  }
  return drawPlain(text, me);
}

function load() {
  if (loading) return;
  loading = true;
  host.load().then((loaded) => {
    markup = loaded;
    host.came();
    // Without a connection, the next message with markup tries again.
  }, () => (loading = false));
}
