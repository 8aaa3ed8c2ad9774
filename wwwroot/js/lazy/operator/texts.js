// The texts of the operator's page, which the chat does not load.

import en from "../../languages/operator/en.js";
import { translated } from "../../text/words.js";

export const say = await translated(en, "operator/").catch(() => en);

/** Fills in the page's texts: data-o names an element's text, data-o-label its label. @param {ParentNode} root */
export function fill(root) {
  const all = /** @type {Record<string, any>} */ (say);
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-o]"))) {
    element.textContent = all[element.dataset.o ?? ""];
  }
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-o-label]"))) {
    element.setAttribute("aria-label", all[element.dataset.oLabel ?? ""]);
    if (element instanceof HTMLInputElement) element.placeholder = all[element.dataset.oLabel ?? ""];
  }
}
