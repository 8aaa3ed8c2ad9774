// The page's language: the chosen one, or the browser's first that has a translation.

import en from "../languages/en.js";
import { settings } from "../storage/settings.js";

/** @type {Record<string, string>} each language in its own words */
export const LANGUAGES = { en: "English", de: "Deutsch", he: "עברית" };
const FROM_THE_RIGHT = ["he"];

const wanted = [settings.language, ...navigator.languages].map((tag) => tag.split("-")[0]);
export const language = wanted.find((tag) => tag in LANGUAGES) ?? "en";

/** Texts without a translation are in English. @template T @param {T} en @param {string} folder @returns {Promise<T>} */
export const translated = async (en, folder) =>
  language === "en" ? en : { ...en, ...(await import(`../languages/${folder}${language}.js`)).default };

export const words = await translated(en, "");

/** Why a call failed. @param {string} code */
export const refusal = (code) => words.refusals[code] ?? words.refused(code.replaceAll("_", " "));

/** Fills in the page's texts: data-t names an element's text, data-t-label its label. @param {ParentNode} root @param {object} texts */
export function speak(root, texts = words) {
  document.documentElement.lang = language;
  document.documentElement.dir = FROM_THE_RIGHT.includes(language) ? "rtl" : "ltr";
  const all = /** @type {Record<string, any>} */ (texts);
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-t]"))) {
    element.textContent = all[element.dataset.t ?? ""];
  }
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-t-label]"))) {
    const text = all[element.dataset.tLabel ?? ""];
    element.setAttribute("aria-label", text);
    // A button with only a sign has a tooltip.
    if (element instanceof HTMLButtonElement) element.title = text;
  }
}
