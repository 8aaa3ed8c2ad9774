// Asks where to go. A shortcut key opens it, so it must be there at once. lazy/switcher.js finds rooms and people.

import { refusal, words } from "../text/words.js";
import { makeInput, openDialog } from "./dialog.js";
import { isComposing, make } from "./dom.js";

/**
 * @param {(dialog: HTMLDialogElement, input: HTMLInputElement) => Promise<() => unknown>} load shows what there is, and returns what
 *   Enter does
 */
export function openSwitcher(load) {
  const input = makeInput();
  input.setAttribute("aria-label", words.goTo);
  const dialog = openDialog(words.goTo, input);
  input.focus();
  const choose = load(dialog, input);
  choose.catch(() => dialog.append(make("p", "error", words.failed(refusal("lost")))));
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !isComposing(event)) choose.then((run) => run(), () => dialog.close());
  });
}
