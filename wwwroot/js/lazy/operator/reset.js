// Links with which members set a new password.

import { short } from "../../text/time.js";
import { refusal, words } from "../../text/words.js";
import * as api from "../../transport/api.js";
import { find, make } from "../../view/dom.js";
import { say } from "./texts.js";

export function beginResetting() {
  const [form, nick, state] = ["#reset", "#reset-nick", "#reset-state"].map((id) => find(id));
  form.addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    state.className = "";
    state.textContent = "";
    try {
      const { response } = await api.call("/admin/reset/", { form: { nick: nick.value } });
      // Text and not a link, because it is for somebody else to open.
      const link = new URL(response.path, location.origin).href;
      state.replaceChildren(make("code", "", link), ` ${say.resetUntil(short(new Date(response.until)))}`);
      nick.value = "";
    } catch (/** @type {any} */ error) {
      state.className = "error";
      state.textContent = words.failed(error.code === "not_member" ? say.notMember : refusal(error.code ?? "lost"));
    }
  });
}
