// Asks what to search for. A shortcut key opens it, so it must be there at once. lazy/searchResults.js searches.

import { words } from "../text/words.js";
import { makeCheck, makeForm, makeInput, openDialog } from "./dialog.js";
import { labelled, make } from "./dom.js";

/** @param {(place: HTMLElement, text: string, here: boolean) => Promise<void>} search shows what it finds in a place */
export function openSearch(search) {
  let here = false;
  const text = makeInput();
  text.type = "search";
  const place = make("div");
  openDialog(words.search, makeForm(
    words.search, () => search(place, text.value, here),
    labelled(words.searchFor, text), makeCheck(words.searchHere, here, (on) => (here = on))), place);
  text.focus();
}
