// Links that work once: members set a new password with them, and others become members.

import { short } from "../../text/time.js";
import { refusal, words } from "../../text/words.js";
import * as api from "../../transport/api.js";
import { find, make } from "../../view/dom.js";
import { say } from "./texts.js";

/**
 * @param {string} name the form's id
 * @param {() => Record<string, string>} fields what to send
 * @param {() => void} made runs when a link was made
 */
function beginLink(name, fields, made) {
  const [form, state] = [find(`#${name}`), find(`#${name}-state`)];
  form.addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    state.className = "";
    state.textContent = "";
    try {
      const { response } = await api.call(`/admin/${name}/`, { form: fields() });
      // Text and not a link, because it is for somebody else to open.
      const link = new URL(response.path, location.origin).href;
      state.replaceChildren(make("code", "", link), ` ${say.linkUntil(short(new Date(response.until)))}`);
      made();
    } catch (/** @type {any} */ error) {
      state.className = "error";
      state.textContent = words.failed(say.linkRefusals[error.code] ?? refusal(error.code ?? "lost"));
    }
  });
}

export function beginLinks() {
  const nick = find("#reset-nick");
  beginLink("reset", () => ({ nick: nick.value }), () => {
    nick.value = "";
  });
  beginLink("invitation", () => ({}), () => {});
}
