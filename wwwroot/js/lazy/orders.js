// Calls of the dialogs that change something, and what they say if the server refuses.

import { refusal, words } from "../text/words.js";
import * as api from "../transport/api.js";
import { makeCheck } from "../view/dialog.js";
import { make, press } from "../view/dom.js";
import { say } from "./settingsTexts.js";

/** Why a call failed, in words of the dialogs. @param {any} error */
export function reason(error) {
  const code = error.code ?? "lost";
  return say.refusals[code] ?? refusal(code);
}

/**
 * For forms, which show what is thrown.
 * @param {string} path @param {Record<string, string>} form @param {(code: string) => void} [refused] hears the refusal first
 * @returns {Promise<any>}
 */
export async function order(path, form, refused) {
  try {
    return await api.call(path, { form });
  } catch (/** @type {any} */ error) {
    refused?.(error.code ?? "lost");
    throw { text: reason(error) };
  }
}

/**
 * For anything else: a refusal is shown in an element.
 * @param {HTMLElement} place @param {string} path @param {Record<string, string>} form @returns {Promise<boolean>} whether it worked
 */
export async function attempt(place, path, form) {
  place.querySelector(":scope > .error")?.remove();
  try {
    await api.call(path, { form });
    return true;
  } catch (error) {
    place.append(make("p", "error", words.failed(reason(error))));
    return false;
  }
}

/**
 * A check box that is on if the server says so.
 * @param {string} text @param {boolean} on @param {string} path @param {(on: "1" | "0") => Record<string, string>} formOf
 */
export function makeOrder(text, on, path, formOf) {
  const label = makeCheck(text, on, async (now) => {
    const box = /** @type {HTMLInputElement} */ (label.querySelector("input"));
    if (!await attempt(label, path, formOf(now ? "1" : "0"))) box.checked = !now;
  });
  return label;
}

/** Marks what has a button that cannot be undone. @template {HTMLElement} T @param {T} form @returns {T} */
export function grave(form) {
  form.querySelector("button")?.classList.add("grave");
  return form;
}

/**
 * An entry of a list, with a button that removes it.
 * @param {string} text @param {string} label of the button @param {string} path @param {Record<string, string>} form
 */
export function makeEntry(text, label, path, form) {
  const row = make("li", "", make("bdi", "", text), " ");
  row.append(press(label, () => void attempt(row, path, form).then((done) => done && row.remove())));
  return grave(row);
}
