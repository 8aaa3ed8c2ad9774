// What is known of a text without parsing it: mentions, and whether it has markup, which needs js/lazy/markup.

/** @typedef {{type: "text" | "mention", text: string}} Token */

// Finds too much rather than too little.
const MARKUP = /[`*\\]|~~|(?:^|[^\p{sc=Latin}\p{N}])_|https?:\/\/|www\.|:(?:100|[a-z+-][a-z\d_+-]*):|^ {0,3}(?:[>-]|\d{1,9}[.)])\s/imu;
const ONLY_EMOJI = /^(?:\p{RGI_Emoji}\s*){1,8}$/v;
const CALL = /@([\p{L}\p{M}\p{N}]{1,64})/gu;
const ADDRESSED = /^\s*([\p{L}\p{M}\p{N}]{1,64})\s?[:,：，、]/u;
// What is before and after a part of an address. Scripts without blanks between words have no such signs.
const ADDRESS = /[\p{sc=Latin}\p{N}.+/@-]/u;
const CONTINUED = /^[._-][\p{L}\p{N}]/u;
// Nobody is mentioned in code and addresses.
const SKIPPED = /```[^]*?```|`[^`\n]+`|(?:https?:\/\/|www\.)\S+/giu;
// Rows that fill most windows, of roughly so many characters.
const TALL = 40;
const ROW = 80;

/** Whether a text has markup, links or names of emoji. @param {string} text */
export const hasMarkup = (text) => MARKUP.test(text);

/** Whether a message takes so much room that it is folded. @param {string} text */
export const isTall = (text) => text.length / ROW + text.split("\n", TALL + 1).length > TALL;

/** Whether a message is only a few emoji, which are shown large. @param {string} text */
export const isOnlyEmoji = (text) => text.length < 250 && ONLY_EMOJI.test(text);

/**
 * Splits a text at the mentions of a user.
 * @param {string} text @param {string} nick empty: there are none
 * @param {boolean} [begins] whether the message begins here, where "nick:" is a mention too
 */
export function plain(text, nick, begins = true) {
  /** @type {Token[]} */
  const tokens = [];
  let done = 0;
  const put = (/** @type {number} */ at, /** @type {string} */ word) => {
    tokens.push({ type: "text", text: text.slice(done, at) }, { type: "mention", text: word });
    done = at + word.length;
  };
  const low = nick.normalize().toLowerCase();
  const isNick = (/** @type {string} */ word) => low !== "" && word.normalize().toLowerCase() === low;
  const addressed = begins && ADDRESSED.exec(text)?.[1];
  if (addressed && isNick(addressed)) put(text.indexOf(addressed), addressed);
  for (const { 0: word, 1: name, index } of text.matchAll(CALL)) {
    const end = index + word.length;
    if (isNick(name) && !ADDRESS.test(text[index - 1] ?? "") && !CONTINUED.test(text.slice(end, end + 3))) put(index, word);
  }
  tokens.push({ type: "text", text: text.slice(done) });
  return tokens.filter((token) => token.text !== "");
}

/** Whether a message calls a user: "@nick", or "nick:" and "nick," at its start. @param {string} text @param {string} nick */
export const mentions = (text, nick) =>
  nick !== "" && plain(text.replace(SKIPPED, "`"), nick).some(({ type }) => type === "mention");
