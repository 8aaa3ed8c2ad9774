// The administrators' password in any spelling of its command. The server decides the same way (AuthText) and says none of it;
// the page sees to it that it is not even kept: not in the box, not as a draft, not to recall.

// Without ink, or only changing the character before it.
const NOTHING = "\\s\\p{Cc}\\p{Cf}\\p{Mn}\\p{Me}\\p{Cn}\\p{Co}\\p{Cs}\\u115f\\u1160\\u17b4\\u17b5\\u2800\\u3164\\uffa0\\ufffd";
const SLASH = "/\\\\\\u2044\\u2215\\u29f8\\uff0f\\uff3c";
const WORD = ["[aａ]", "[uｕ]", "[tｔ]", "[hｈ]"].join(`[${NOTHING}]*`);
const BEGIN = `^[${NOTHING}]*[${SLASH}][${NOTHING}${SLASH}]*${WORD}`;
const FIRST = new RegExp(BEGIN, "iu");
const LATER = new RegExp(`${BEGIN}(?![a-z0-9/.?_-])`, "iu");
const BEGUN = new RegExp(`${BEGIN}[${NOTHING}]`, "iu");

/** What is left of a text without the lines that may hold the password: the text itself if there are none. @param {string} text */
export function withoutSecret(text) {
  if (!new RegExp(`[${SLASH}]`, "u").test(text)) return text;
  let first = true;
  const lines = text.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/);
  const left = lines.filter((line) => {
    const found = (first ? FIRST : LATER).test(line);
    if (!new RegExp(`^[${NOTHING}]*$`, "u").test(line)) first = false;
    return !found;
  });
  return left.length === lines.length ? text : left.join("\n");
}

/** Whether the command stands there with a blank behind it: what comes next is the password. @param {string} text */
export const isBegun = (text) => BEGUN.test(text);
