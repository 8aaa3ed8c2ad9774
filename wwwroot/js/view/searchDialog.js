// Asks what to search for. A shortcut key opens it, so it must be there at once. lazy/searchResults.js adds what narrows the search, and
// searches.

import { words } from "../text/words.js";
import { makeForm, makeInput, openDialog } from "./dialog.js";
import { labelled, make } from "./dom.js";

/**
 * @typedef {{search: (place: HTMLElement, text: string, limits: HTMLElement) => Promise<void>, fill: (limits: HTMLElement) => void}} Host
 */

/** The form is kept while the same person is here. */
let owner = "";
/** @type {{form: HTMLFormElement, place: HTMLElement, text: HTMLInputElement, limits: HTMLElement}} */
let parts;

/** @param {string} user whose search it is @param {() => Promise<Host>} load */
export function openSearch(user, load) {
  if (user !== owner || !owner) {
    owner = user;
    const text = makeInput();
    text.enterKeyHint = "search";
    text.addEventListener("keydown", (event) => {
      const first = event.key === "ArrowDown" && parts.place.querySelector("button");
      if (!first) return;
      event.preventDefault();
      first.focus();
    });
    const place = make("div");
    const limits = make("div", "limits");
    const form = makeForm(
      words.search, () => load().then(({ search }) => search(place, text.value, limits)), labelled(words.searchFor, text), limits);
    parts = { form, place, text, limits };
  }
  const { form, place, text, limits } = parts;
  openDialog(words.search, form, place);
  text.focus();
  text.select();
  load().then(({ fill }) => fill(limits), () => { /* one can search without */ });
  // What was found may have changed since.
  if (place.hasChildNodes()) load().then(({ search }) => search(place, text.value, limits)).catch(() => place.replaceChildren());
}
