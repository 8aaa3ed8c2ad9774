// Turns tokens into elements.

import { make } from "./dom.js";

/** @typedef {import("../text/markup.js").Token} Token */

/** @param {Token[]} tokens @returns {(Node | string)[]} */
export const rich = (tokens) => tokens.map(draw);

/** @param {Token} token @returns {Node | string} */
function draw(token) {
  switch (token.type) {
    case "text": return token.text;
    case "emoji": return make("span", "emoji", token.text);
    case "mention": return make("span", "mention", token.text);
    case "code": return make("code", "", token.text);
    case "block": {
      // Long lines scroll inside, which must work with the keyboard too.
      const block = make("pre", "", make("code", "", token.text));
      block.tabIndex = 0;
      return block;
    }
    case "bold": return make("strong", "", ...rich(token.children));
    case "italic": return make("em", "", ...rich(token.children));
    case "link": {
      const link = make("a", "", token.text);
      link.href = token.href;
      link.target = "_blank";
      link.rel = "noopener noreferrer nofollow ugc";
      return link;
    }
  }
}

/** Whether a message is only a few emoji, which are shown large. @param {Token[]} tokens */
export const onlyEmoji = (tokens) => tokens.length <= 8 && tokens.some(({ type }) => type === "emoji")
  && tokens.every((token) => token.type === "emoji" || (token.type === "text" && !token.text.trim()));
