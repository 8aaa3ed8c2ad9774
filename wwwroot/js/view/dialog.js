// Dialogs, created when opened and removed when closed. The browser keeps the focus inside and returns it.

import { refusal, words } from "../text/words.js";
import { find, make, press } from "./dom.js";

/** @param {string} title @param {...(string | Node)} content @returns {HTMLDialogElement} */
export function openDialog(title, ...content) {
  find("dialog[open]")?.close();
  const before = document.activeElement;
  const cursor = before instanceof HTMLTextAreaElement ? before.selectionEnd : 0;
  const heading = make("h2", "", make("bdi", "", title));
  heading.id = "dialog-title";
  const dismiss = press("×", () => dialog.close(), "icon dismiss");
  dismiss.setAttribute("aria-label", words.close);
  const dialog = make("dialog", "", heading, ...content, dismiss);
  dialog.setAttribute("aria-labelledby", heading.id);
  // A press on the backdrop closes it.
  dialog.addEventListener("click", (event) => {
    if (event.target !== dialog) return;
    const { left, right, top, bottom } = dialog.getBoundingClientRect();
    if (event.clientX < left || event.clientX > right || event.clientY < top || event.clientY > bottom) dialog.close();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    // Chromium returns the focus without the cursor, and then typing has no effect.
    if (before instanceof HTMLTextAreaElement && before === document.activeElement) before.setSelectionRange(cursor, cursor);
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** A form that shows its errors. @param {string} action @param {() => unknown} send @param {...(Node)} fields */
export function makeForm(action, send, ...fields) {
  const error = make("p", "error");
  error.setAttribute("role", "alert");
  const button = make("button", "", action);
  const form = make("form", "", ...fields, error, button);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    error.textContent = "";
    button.disabled = true;
    try {
      await send();
    } catch (/** @type {any} */ failure) {
      error.textContent = words.failed(failure.text ?? refusal(failure.code ?? "lost"));
    }
    button.disabled = false;
  });
  return form;
}

/** @param {string} [value] */
export function makeInput(value = "") {
  const input = make("input");
  input.value = value;
  input.autocomplete = "off";
  return input;
}

/** @template {string | number} T @param {(readonly [T, string])[]} options @param {T} value @returns {HTMLSelectElement} */
export function makeSelect(options, value) {
  const select = make("select");
  for (const [key, text] of options) {
    const option = make("option", "", text);
    option.value = String(key);
    select.append(option);
  }
  select.value = String(value);
  return select;
}

/** @param {string} text @param {boolean} on @param {(on: boolean) => void} changed */
export function makeCheck(text, on, changed) {
  const box = make("input");
  box.type = "checkbox";
  box.checked = on;
  box.addEventListener("change", () => changed(box.checked));
  return make("label", "check", box, text);
}
