// Finds the administrators' password after any spelling of its command. The server has the same rule (AuthText), so
// that it shows none of it. With this, the page keeps it neither in the box, nor as a draft, nor for recall.

// Invisible characters, and those that change the one before.
const NOTHING = "\\s\\p{Cc}\\p{Cf}\\p{Mn}\\p{Me}\\p{Cn}\\p{Co}\\p{Cs}\\u115f\\u1160\\u17b4\\u17b5\\u2800\\u3164\\uffa0\\ufffd";
const SLASH = "/\\\\\\u2044\\u2215\\u29f8\\uff0f\\uff3c";
const WORD = ["[aａ]", "[uｕ]", "[tｔ]", "[hｈ]"].join(`[${NOTHING}]*`);
const BEGIN = `^[${NOTHING}]*[${SLASH}][${NOTHING}${SLASH}]*${WORD}`;
const FIRST = new RegExp(BEGIN, "iu");
const LATER = new RegExp(`${BEGIN}(?![a-z0-9/.?_-])`, "iu");
const BEGUN = new RegExp(`${BEGIN}[${NOTHING}]`, "iu");
const SLASHED = new RegExp(`[${SLASH}]`, "u");
const EMPTY = new RegExp(`^[${NOTHING}]*$`, "u");

/** A text without the lines that may contain the password. @param {string} text */
export function withoutSecret(text) {
  if (!SLASHED.test(text)) return text;
  let first = true;
  const lines = text.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/);
  const left = lines.filter((line) => {
    const found = (first ? FIRST : LATER).test(line);
    if (!EMPTY.test(line)) first = false;
    return !found;
  });
  return left.length === lines.length ? text : left.join("\n");
}

/** Whether the text begins with the command and a blank, so that the password comes next. @param {string} text */
export const isBegun = (text) => BEGUN.test(text);
