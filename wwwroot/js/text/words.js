// The language the page speaks: what was chosen, or the first of the browser's that there is a translation for.

import en from "../languages/en.js";
import { settings } from "../storage/settings.js";

/** @type {Record<string, string>} the languages there are, each by its own name */
export const LANGUAGES = { en: "English", de: "Deutsch" };

const wanted = [settings.language, ...navigator.languages].map((tag) => tag.split("-")[0]);
export const language = wanted.find((tag) => tag in LANGUAGES) ?? "en";

/** A text that a translation lacks is English. @type {typeof en} */
export const words = language === "en" ? en : { ...en, ...(await import(`../languages/${language}.js`)).default };

/** Why the server, or the way to it, said no. @param {string} code */
export const refusal = (code) => words.refusals[code] ?? words.refused(code);

/** Fills in the texts of the page's own elements: data-t is the text, data-t-label what it is called. @param {ParentNode} root */
export function speak(root) {
  document.documentElement.lang = language;
  const all = /** @type {Record<string, any>} */ (words);
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-t]"))) {
    element.textContent = all[element.dataset.t ?? ""];
  }
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-t-label]"))) {
    const text = all[element.dataset.tLabel ?? ""];
    element.setAttribute("aria-label", text);
    // A button that is only a sign says what it is when pointed at.
    if (element instanceof HTMLButtonElement) element.title = text;
  }
}
