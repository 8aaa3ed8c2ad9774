// Announcements.

import { refusal, words } from "../../text/words.js";
import * as api from "../../transport/api.js";
import { find } from "../../view/dom.js";
import { say } from "./texts.js";

export function beginAnnouncing() {
  const [form, text, state] = ["#announce", "#announce-text", "#announce-state"].map((id) => find(id));
  let sending = false;
  form.addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    // The button is not disabled meanwhile, because it would lose the focus.
    if (sending) return;
    sending = true;
    state.textContent = "";
    try {
      await api.call("/admin/announce/", { form: { text: text.value } });
      text.value = "";
      state.className = "";
      state.textContent = say.announced;
    } catch (/** @type {any} */ error) {
      state.className = "error";
      state.textContent = words.failed(refusal(error.code ?? "lost"));
    }
    sending = false;
  });
}
