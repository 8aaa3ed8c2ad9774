// The menu of a person or a message, which opens next to what was pressed.

import { find, make, press } from "../view/dom.js";
import { say } from "./settingsTexts.js";

/**
 * @typedef {{label: string, run: () => void, grave?: boolean, name?: string}} Action
 *   grave: cannot be undone; name: in words, if the label is a sign; such actions stand side by side
 */

/** @param {HTMLElement} anchor @param {string} nick @param {Action[]} actions */
export function openMenu(anchor, nick, actions) {
  find(".menu")?.remove();
  const menu = make("div", "menu", make("strong", "", make("bdi", "", nick)));
  menu.setAttribute("role", "menu");
  menu.setAttribute("aria-label", say.actionsFor(nick));
  menu.firstElementChild?.setAttribute("role", "presentation");
  menu.popover = "auto";
  const buttons = actions.map(({ label, run, grave, name }) => {
    const button = press(label, () => {
      menu.hidePopover();
      run();
    });
    button.setAttribute("role", "menuitem");
    button.tabIndex = -1;
    if (grave) button.classList.add("grave");
    if (name) {
      button.classList.add("sign-only");
      button.setAttribute("aria-label", name);
      button.title = name;
    }
    return button;
  });
  menu.append(...buttons);
  menu.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (step) buttons[(at + step + buttons.length) % buttons.length].focus();
    else if (event.key === "Home") buttons[0].focus();
    else if (event.key === "End") buttons.at(-1)?.focus();
    else if (event.key === "Tab") menu.hidePopover();
    else return;
    event.preventDefault();
  });
  menu.addEventListener("toggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState !== "closed") return;
    const within = menu.contains(document.activeElement) || document.activeElement === document.body;
    menu.remove();
    if (within && anchor.isConnected) anchor.focus();
  });
  // Inside its landmark. The browser shows it on top of everything anyway.
  (anchor.closest("main, aside") ?? document.body).append(menu);
  menu.showPopover();
  const { left, bottom, top } = anchor.getBoundingClientRect();
  const below = bottom + menu.offsetHeight < innerHeight;
  menu.style.left = `${Math.max(8, Math.min(left, innerWidth - menu.offsetWidth - 8))}px`;
  menu.style.top = `${below ? bottom : Math.max(8, top - menu.offsetHeight)}px`;
  buttons[0].focus();
}
