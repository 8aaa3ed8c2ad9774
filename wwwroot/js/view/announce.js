// Live lines, for those who listen instead of looking.

import { find, make } from "./dom.js";

const said = find("#said");
// What was said long ago need not be found there again: the messages themselves are on the page.
const MOST = 20;
const LONGEST = 300;

/** @param {string[]} texts */
export function announce(texts) {
  said.append(...texts.map((text) => make("p", "", text.slice(0, LONGEST))));
  while (said.childElementCount > MOST) said.firstChild.remove();
}
