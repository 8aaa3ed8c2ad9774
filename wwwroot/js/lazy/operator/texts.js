// The operator's page's own texts, which the chat need not load.

import en from "../../languages/operator/en.js";
import { language } from "../../text/words.js";

/** A text, or a whole language, that is not translated is English. @type {typeof en} */
export const say = language === "en" ? en : { ...en, ...(await import(`../../languages/operator/${language}.js`).catch(() => ({}))).default };

/** Fills in the page's own elements: data-o is the text, data-o-label what it is called. @param {ParentNode} root */
export function fill(root) {
  const all = /** @type {Record<string, any>} */ (say);
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-o]"))) element.textContent = all[element.dataset.o ?? ""];
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-o-label]"))) {
    element.setAttribute("aria-label", all[element.dataset.oLabel ?? ""]);
    if (element instanceof HTMLInputElement) element.placeholder = all[element.dataset.oLabel ?? ""];
  }
}
