// The completions above the message box. The focus stays in the box; the list marks the active one.

import { suggest } from "../text/complete.js";
import { find, isComposing, make } from "./dom.js";

const list = find("#suggestions");
const input = find("#input");
/** @type {import("../text/complete.js").Suggestion | null} */
let offer = null;
let active = -1;
/** @type {() => import("../text/complete.js").Known} */
let known;

/** @param {typeof known} source */
export function begin(source) {
  known = source;
  list.addEventListener("mousedown", (/** @type {Event} */ event) => {
    event.preventDefault();
    const at = [...list.children].indexOf(/** @type {HTMLElement} */ (event.target).closest("[role=option]"));
    if (at >= 0) accept(at);
  });
  input.addEventListener("blur", close);
}

export function close() {
  offer = null;
  active = -1;
  list.hidden = true;
  list.replaceChildren();
  input.removeAttribute("aria-activedescendant");
}

/** Call it after a change of the text. @param {boolean} [asked] whether Tab was pressed */
export function look(asked = false) {
  offer = input.selectionStart === input.selectionEnd ? suggest(input.value, input.selectionStart, known(), asked) : null;
  if (!offer) return close();
  active = -1;
  list.replaceChildren(...offer.options.map(({ label, hint }, i) => {
    const option = make("div", "", make("bdi", "", label), make("span", "hint", hint ?? ""));
    option.id = `suggestion-${i}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    return option;
  }));
  list.hidden = false;
  input.removeAttribute("aria-activedescendant");
  // Enter takes the first, unless that would only add a blank to what is typed.
  const typed = input.value.slice(offer.from, offer.to).toLowerCase();
  if (!asked && !offer.options.some(({ insert }) => insert.trim().toLowerCase() === typed)) move(1);
}

/** More is known, which may complete what the user has already typed. */
export function moreKnown() {
  if (!offer && document.activeElement === input) look();
}

/** @param {KeyboardEvent} event @returns {boolean} whether the key was for the list */
export function key(event) {
  if (isComposing(event) || event.altKey || event.ctrlKey || event.metaKey) return false;
  if (event.key === "Tab" && !event.shiftKey) {
    if (!offer) look(true);
    if (!offer) return false;
    // Tab accepts a chosen or the only option; otherwise it moves to the first.
    if (active >= 0 || offer.options.length === 1 || shared()) accept(Math.max(0, active));
    else move(1);
    return true;
  }
  if (!offer) return false;
  switch (event.key) {
    case "ArrowDown": move(1); return true;
    case "ArrowUp": move(-1); return true;
    case "Escape": close(); return true;
    case "Enter":
      if (active < 0 || event.shiftKey) return false;
      accept(active);
      return true;
  }
  return false;
}

/** Whether the list opened without Tab, which then accepts the first option. */
const shared = () => /^[/:@]/.test(input.value.slice(offer?.from ?? 0));

/** @param {number} by */
function move(by) {
  const count = list.childElementCount;
  active = active < 0 && by < 0 ? count - 1 : (active + by + count) % count;
  [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === active)));
  list.children[active].scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", `suggestion-${active}`);
}

/** @param {number} at */
function accept(at) {
  if (!offer) return;
  const { from, to, options } = offer;
  input.setRangeText(options[at].insert, from, to, "end");
  close();
  // Updates draft and counter, as typing does.
  input.dispatchEvent(new Event("input"));
  input.focus();
}
