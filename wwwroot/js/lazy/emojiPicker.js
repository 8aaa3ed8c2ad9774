// Chooses an emoji: for the message box, or as a reaction. A search field, and below it all emoji in their groups.

import { language } from "../text/words.js";
import { find, make, press, stepOf } from "../view/dom.js";
import { say } from "./settingsTexts.js";

/** @typedef {[sign: string, name: string, words: string]} Emoji */

// The languages in which wwwroot/vendor/emoji has names.
const NAMED = ["en", "de"];
/** The sign of each group, by its number in the data. */
const SIGNS = new Map([[0, "😀"], [1, "👋"], [3, "🐻"], [4, "🍎"], [5, "🚗"], [6, "⚽"], [7, "💡"], [8, "♻️"], [9, "🏁"]]);

/** @type {Promise<Map<number, Emoji[]>> | undefined} */
let loading;

/** Loads all emoji by group, the first time. */
function load() {
  const file = NAMED.includes(language) ? language : NAMED[0];
  // Beside the icon, whose address has the version of all files.
  loading ??= fetch(new URL(`vendor/emoji/${file}.json`, find("link[rel=icon]").href)).then(async (answer) => {
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    const data = await answer.json();
    return new Map([...SIGNS.keys()].map((group) => [group, data[group]]));
  });
  loading.catch(() => (loading = undefined));
  return loading;
}

/**
 * Opens at a button. Esc, or a press elsewhere, closes it without a choice.
 * @param {HTMLElement} anchor @param {(emoji: string) => void} chosen
 */
export function openPicker(anchor, chosen) {
  const keyboard = anchor.matches(":focus-visible");
  const open = find(".picker");
  open?.hidePopover();
  if (open) return;
  const search = make("input", "");
  search.type = "search";
  search.placeholder = say.findEmoji;
  search.setAttribute("aria-label", say.findEmoji);
  search.autocomplete = "off";
  const tabs = make("div", "groups");
  const list = make("div", "emoji");
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", say.emoji);
  const note = make("p", "hint");
  note.setAttribute("role", "status");
  const picker = make("div", "picker", search, tabs, note, list);
  picker.popover = "auto";
  picker.setAttribute("role", "dialog");
  picker.setAttribute("aria-label", say.emoji);
  picker.addEventListener("toggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState !== "closed") return;
    // The browser may have returned the focus already, as if the keyboard had been used.
    const within = picker.contains(document.activeElement) || [anchor, document.body].includes(/** @type {any} */ (document.activeElement));
    picker.remove();
    if (within) (keyboard && anchor.isConnected ? anchor : find("#input")).focus();
  });
  list.addEventListener("click", ({ target }) => choose(/** @type {HTMLElement} */ (target).closest("button")));
  list.addEventListener("keydown", (event) => move(event, list, search));
  search.addEventListener("input", () => draw());
  search.addEventListener("keydown", (event) => {
    const first = list.querySelector("button");
    if (event.key === "ArrowDown") first?.focus();
    else if (event.key === "Enter" && search.value) choose(first);
    else return;
    event.preventDefault();
  });

  /** @param {HTMLElement | null} button */
  const choose = (button) => {
    if (!button) return;
    picker.hidePopover();
    chosen(button.dataset.emoji ?? "");
  };

  /** @type {Map<number, Emoji[]>} */
  let groups = new Map();
  const draw = () => {
    const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    list.replaceChildren(...(wanted.length > 0
      ? [makeGroup(say.emojiFound, found([...groups.values()].flat(), wanted))]
      : [...groups].map(([group, all]) => makeGroup(say.emojiGroups[group], all, group))));
    const first = list.querySelector("button");
    if (first) first.tabIndex = 0;
    note.textContent = first ? "" : say.noEmoji;
    list.scrollTop = 0;
  };

  (anchor.closest("main, footer") ?? document.body).append(picker);
  picker.showPopover();
  place(picker, anchor);
  search.focus();
  load().then((all) => {
    groups = all;
    tabs.replaceChildren(...[...groups.keys()].map((group) => drawTab(group, list, search, draw)));
    draw();
  }, () => (note.textContent = say.emojiLost));
}

/** @param {number} group @param {HTMLElement} list @param {HTMLInputElement} search @param {() => void} draw */
function drawTab(group, list, search, draw) {
  const tab = press(SIGNS.get(group) ?? "", () => {
    if (search.value) {
      search.value = "";
      draw();
    }
    list.querySelector(`[data-group="${group}"]`)?.scrollIntoView({ block: "start" });
  }, "icon");
  tab.title = say.emojiGroups[group];
  tab.setAttribute("aria-label", tab.title);
  return tab;
}

/** @param {string} name @param {Emoji[]} all @param {number} [group] */
function makeGroup(name, all, group = -1) {
  const heading = make("div", "hint", name);
  heading.id = `emoji-group-${group}`;
  const element = make("div", "", heading, ...all.map(([sign, name]) => {
    const button = make("button", "icon", sign);
    button.type = "button";
    button.dataset.emoji = sign;
    button.setAttribute("role", "option");
    button.setAttribute("aria-selected", "false");
    button.setAttribute("aria-label", name);
    button.title = name;
    button.tabIndex = -1;
    return button;
  }));
  element.dataset.group = String(group);
  element.setAttribute("role", "group");
  element.setAttribute("aria-labelledby", heading.id);
  return element;
}

/**
 * The emoji of which each wanted word begins a word. Those whose name begins so come first, then others with the words in their name.
 * @param {Emoji[]} all @param {string[]} wanted
 */
function found(all, wanted) {
  const fits = (/** @type {string} */ text) => wanted.every((word) => ` ${text.toLowerCase()}`.includes(` ${word}`));
  const rank = (/** @type {Emoji} */ [, name]) => (name.toLowerCase().startsWith(wanted.join(" ")) ? 0 : fits(name) ? 1 : 2);
  return all.filter(([sign, name, words]) => fits(`${sign} ${name} ${words}`)).sort((a, b) => rank(a) - rank(b));
}

/** @param {KeyboardEvent} event @param {HTMLElement} list @param {HTMLInputElement} search */
function move(event, list, search) {
  const all = /** @type {HTMLButtonElement[]} */ ([...list.querySelectorAll("button")]);
  const from = /** @type {HTMLButtonElement} */ (event.target);
  const at = all.indexOf(from);
  /** @type {HTMLButtonElement | undefined} */
  let to;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (stepOf(event)) to = all[at + stepOf(event)];
  else if (event.key === "ArrowDown") to = nearest(from, all.slice(at + 1));
  else if (event.key === "ArrowUp") to = nearest(from, all.slice(0, at).reverse());
  else if (event.key === "Home") to = all[0];
  else if (event.key === "End") to = all.at(-1);
  else if (event.key.length === 1 && event.key !== " ") return search.focus();
  else return;
  event.preventDefault();
  if (!to && event.key !== "ArrowUp") return;
  from.tabIndex = -1;
  if (to) to.tabIndex = 0;
  else from.tabIndex = 0;
  (to ?? search).focus();
}

/**
 * In the next row, the one that is closest in its column.
 * @param {HTMLElement} from @param {HTMLButtonElement[]} others the nearest first
 */
function nearest(from, others) {
  const { offsetLeft, offsetTop } = from;
  const row = others.find((one) => one.offsetTop !== offsetTop)?.offsetTop;
  const far = (/** @type {HTMLElement} */ one) => Math.abs(one.offsetLeft - offsetLeft);
  return others.filter((one) => one.offsetTop === row).sort((a, b) => far(a) - far(b))[0];
}

/** @param {HTMLElement} picker @param {HTMLElement} anchor */
function place(picker, anchor) {
  const { right, top, bottom } = anchor.getBoundingClientRect();
  picker.style.left = `${Math.max(8, Math.min(right, innerWidth - 8) - picker.offsetWidth)}px`;
  const above = top - picker.offsetHeight - 4;
  picker.style.top = `${above >= 8 ? above : Math.max(8, Math.min(bottom + 4, innerHeight - picker.offsetHeight - 8))}px`;
}
