// Keys that work everywhere on the page. The composer handles those of the message box.

import { find } from "./dom.js";

/** @param {{step: (by: 1 | -1) => void, nextUnread: () => void, goTo: () => void, inbox: () => void, search: () => void, help: () => void,
 *   escape: () => void, scroll: (pages: number) => void}} host */
export function begin(host) {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    // Dialogs and menus handle their own keys.
    if (find("dialog[open], :popover-open")) return;
    const writing = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
    const only = !event.ctrlKey && !event.metaKey && !event.altKey;
    const alt = event.altKey && !event.ctrlKey && !event.metaKey;
    const control = (event.ctrlKey || event.metaKey) && !event.altKey;
    /** @type {(() => void) | undefined} */
    let run;
    if (alt && event.key === "ArrowUp") run = () => host.step(-1);
    else if (alt && event.key === "ArrowDown") run = () => host.step(1);
    else if (alt && event.code === "KeyN") run = host.nextUnread;
    else if (alt && event.code === "KeyM") run = host.inbox;
    else if (alt && (event.key === "/" || event.code === "Slash")) run = host.search;
    else if (control && !event.shiftKey && event.key.toLowerCase() === "k") run = host.goTo;
    else if (only && event.key === "?" && !writing) run = host.help;
    else if (only && event.key === "Escape") run = host.escape;
    else if (only && event.key === "PageUp" && writing) run = () => host.scroll(-1);
    else if (only && event.key === "PageDown" && writing) run = () => host.scroll(1);
    if (!run) return;
    event.preventDefault();
    run();
  });
}
