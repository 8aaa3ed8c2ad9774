// Keys that work everywhere on the page. The composer handles those of the message box.

import { find, isComposing } from "./dom.js";

const OTHER_SCRIPT = /^[\p{sc=Hebrew}\p{sc=Arabic}\p{sc=Greek}\p{sc=Cyrillic}]$/u;

/** On a Mac, Option types a sign with most keys. */
export const isMac = navigator.platform.startsWith("Mac");

/** The letter of a key; where the keyboard has letters of another script, the Latin one at that place. @param {KeyboardEvent} event */
const letterOf = ({ key, code }) => (OTHER_SCRIPT.test(key) ? code.replace("Key", "") : key).toLowerCase();

/** @param {{step: (by: 1 | -1) => void, nextUnread: () => void, goTo: () => void, inbox: () => void, search: () => void, help: () => void,
 *   escape: () => void, scroll: (pages: number) => void}} host */
export function begin(host) {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || isComposing(event)) return;
    // Dialogs and menus handle their own keys.
    if (find("dialog[open], :popover-open")) return;
    const writing = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
    const only = !event.ctrlKey && !event.metaKey && !event.altKey;
    const alt = event.altKey && !event.ctrlKey && !event.metaKey;
    const control = (event.ctrlKey || event.metaKey) && !event.altKey;
    const option = isMac && event.ctrlKey && event.altKey && !event.metaKey;
    const altWith = (/** @type {string} */ sign, /** @type {string} */ code) =>
      (alt && letterOf(event) === sign) || (option && event.code === code);
    /** @type {(() => void) | undefined} */
    let run;
    if (alt && event.key === "ArrowUp") run = () => host.step(-1);
    else if (alt && event.key === "ArrowDown") run = () => host.step(1);
    // By what they type, not by where they are: Alt and N is a letter in some languages.
    else if (altWith("n", "KeyN")) run = host.nextUnread;
    else if (altWith("m", "KeyM")) run = host.inbox;
    else if (altWith("/", "Slash")) run = host.search;
    else if (control && !event.shiftKey && letterOf(event) === "k") run = host.goTo;
    else if (only && event.key === "?" && !writing) run = host.help;
    else if (only && event.key === "Escape") run = host.escape;
    else if (only && event.key === "PageUp" && writing) run = () => host.scroll(-1);
    else if (only && event.key === "PageDown" && writing) run = () => host.scroll(1);
    if (!run) return;
    event.preventDefault();
    run();
  });
}
