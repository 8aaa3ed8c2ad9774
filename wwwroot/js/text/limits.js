// What a text may be, as the server has it, and what of one is shown that is more than that.

/** @typedef {{message: number, bytes?: number, marks?: number}} Limits characters, bytes of UTF-8, combining marks on one letter; a server may not say */

// Marks shown on one letter. A thousand of them are one character to count, and seconds to draw.
const SHOWN = 8;
// Runs of one class each: nothing in a text made to be slow makes these slow.
const TOO_MANY = new RegExp(`(\\p{M}[\\p{M}\\p{DI}]{${SHOWN - 1}})[\\p{M}\\p{DI}]+`, "gu");
const MARK = /\p{M}/u;
const IGNORED = /\p{DI}/u;
const BLANK = /^[\s\p{DI}\p{Cc}\p{Cf}\u2800]*$/u;
const encoder = new TextEncoder();
const graphemes = "Segmenter" in Intl ? new Intl.Segmenter(undefined, { granularity: "grapheme" }) : null;

/** The text with no more marks on a letter than can be drawn. @param {string} text */
export const calm = (text) => text.replace(TOO_MANY, "$1");

/** Whether there is nothing to see in it. @param {string} text */
export const isBlank = (text) => BLANK.test(text);

/** What is too much of a text: by how many characters, and whether in bytes or in marks. @param {string} text @param {Limits} limits */
export function measure(text, { message, bytes = Infinity, marks = Infinity }) {
  // A character of UTF-16 is at most three bytes, and at least one.
  const large = text.length > bytes || (text.length * 3 > bytes && encoder.encode(text).length > bytes);
  // Counting is slow, and only near the limit does it matter; of what is too large anyway it does not.
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
