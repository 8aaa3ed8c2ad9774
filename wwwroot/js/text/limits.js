// The server's limits of a text, and how much of a text is shown.

/** @typedef {{message: number, bytes?: number, marks?: number}} Limits  in characters, UTF-8 bytes, combining marks per letter */

// How many marks are shown per letter. A thousand count as one character, but take seconds to draw.
const SHOWN = 8;
// Each runs over a single class, so that no malicious text can make them slow.
const TOO_MANY = new RegExp(`(\\p{M}[\\p{M}\\p{DI}]{${SHOWN - 1}})[\\p{M}\\p{DI}]+`, "gu");
const MARK = /\p{M}/u;
const IGNORED = /\p{DI}/u;
const BLANK = /^[\s\p{DI}\p{Cc}\p{Cf}\u2800]*$/u;
const encoder = new TextEncoder();
const graphemes = "Segmenter" in Intl ? new Intl.Segmenter(undefined, { granularity: "grapheme" }) : null;

/** Removes marks that are too many to draw. @param {string} text */
export const calm = (text) => text.replace(TOO_MANY, "$1");

/** Whether a text has nothing visible. @param {string} text */
export const isBlank = (text) => BLANK.test(text);

/** The characters left, and whether it has too many bytes or marks. @param {string} text @param {Limits} limits */
export function measure(text, { message, bytes = Infinity, marks = Infinity }) {
  // A UTF-16 code unit takes one to three bytes.
  const large = text.length > bytes || (text.length * 3 > bytes && encoder.encode(text).length > bytes);
  // Counting is slow, so it is only done near the limit, and not if the text is too large anyway.
  const count = graphemes && !large && text.length > message * 0.8 ? [...graphemes.segment(text)].length : text.length;
  return { left: message - count, large, marked: !large && MARK.test(text) && mostMarks(text) > marks };
}

/** @param {string} text */
function mostMarks(text) {
  let most = 0;
  let run = 0;
  for (const char of text) {
    if (MARK.test(char)) most = Math.max(most, ++run);
    else if (!IGNORED.test(char)) run = 0;
  }
  return most;
}
