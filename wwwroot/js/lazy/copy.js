// Copies several messages as lines of "nick: text". The browser itself would copy the letters of avatars, and join times to words.

import { words } from "../text/words.js";
import { find } from "../view/dom.js";
import { drawn } from "../view/timeline.js";

find("#messages").addEventListener("copy", (/** @type {ClipboardEvent} */ event) => {
  const range = getSelection()?.rangeCount ? getSelection()?.getRangeAt(0) : undefined;
  if (!range || !event.clipboardData) return;
  const parts = drawn().flatMap(({ line, element }) => {
    const text = element.querySelector("summary, .text");
    const said = text && range.intersectsNode(text) ? part(range, text, line.presence ? text.textContent ?? "" : line.text) : "";
    if (!said) return [];
    return line.kind === "action" ? `* ${line.nick} ${said}` : line.nick ? words.says(line.nick, said) : said;
  });
  if (parts.length < 2) return;
  event.clipboardData.setData("text/plain", parts.join("\n"));
  event.preventDefault();
});

/**
 * What a selection has of a text: all of it as it was typed, with marks and line ends, or some of what is shown.
 * @param {Range} range @param {Element} element @param {string} typed
 */
function part(range, element, typed) {
  const own = document.createRange();
  own.selectNodeContents(element);
  const all = own.toString();
  if (range.comparePoint(element, 0) < 0) own.setStart(range.startContainer, range.startOffset);
  if (range.comparePoint(element, element.childNodes.length) > 0) own.setEnd(range.endContainer, range.endOffset);
  const selected = own.toString();
  return selected === all ? typed : selected;
}
