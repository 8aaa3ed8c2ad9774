// Edits one of the user's messages in the message box.

import { words } from "../text/words.js";
import * as api from "../transport/api.js";
import { newKey } from "../transport/outbox.js";
import * as composer from "../view/composer.js";
import { find, make, press } from "../view/dom.js";
import { reason } from "./orders.js";
import { say } from "./settingsTexts.js";

/** @param {import("../model/line.js").Line} line in the open conversation */
export function edit({ id, text: was }) {
  const error = make("span", "error");
  error.setAttribute("role", "alert");
  const bar = make("div", "editing", make("span", "", say.editing), error, press(say.cancel, () => {
    composer.stop();
    find("#input").focus();
  }));
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", say.editMessage);
  const input = find("#input");
  const button = find("#send-button");
  // The same text has the same key, so that it can be sent again if the answer was lost.
  let key = "";
  let tried = "";
  composer.edit({
    text: was,
    ended: () => {
      bar.remove();
      button.textContent = words.send;
      input.readOnly = false;
      input.setAttribute("aria-label", input.placeholder);
      for (const row of document.querySelectorAll(".row.edits")) row.classList.remove("edits");
    },
    send: async (/** @type {string} */ text) => {
      if (text === was) return composer.stop();
      if (input.readOnly) return;
      if (text !== tried) [key, tried] = [newKey(), text];
      error.textContent = "";
      input.readOnly = true;
      try {
        await api.call("/chat/edit_msg/", { form: { id: String(id), msg: text, key } });
        if (bar.isConnected) composer.stop();
      } catch (failure) {
        if (!bar.isConnected) return;
        input.readOnly = false;
        error.textContent = words.failed(reason(failure));
      }
    },
  });
  find("#send").before(bar);
  button.textContent = say.save;
  input.setAttribute("aria-label", say.editing);
  document.querySelector(`#lines .row[data-id="${id}"]`)?.classList.add("edits");
}
