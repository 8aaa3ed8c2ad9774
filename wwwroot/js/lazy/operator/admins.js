// Administrators for good: a form that appoints one, and buttons that take the rights back. Both ask first.

import { refusal } from "../../text/words.js";
import * as api from "../../transport/api.js";
import { makeForm, openDialog } from "../../view/dialog.js";
import { find, make, press } from "../../view/dom.js";
import { say } from "./texts.js";

/**
 * Asks before a command, and shows in the dialog why it was refused.
 * @param {string} title @param {string} hint @param {string} action @param {string} path @param {string} nick
 * @param {() => void} done runs when the server has carried it out
 */
function ask(title, hint, action, path, nick, done) {
  // First, so that it has the focus: Enter alone does no harm.
  const cancel = press(say.cancel, () => dialog.close());
  const form = makeForm(action, async () => {
    try {
      await api.call(path, { form: { nick } });
    } catch (/** @type {any} */ error) {
      throw { text: error.reason ?? say.appointRefusals[error.code] ?? refusal(error.code ?? "lost") };
    }
    dialog.close();
    done();
  }, make("p", "hint", hint));
  const order = /** @type {HTMLElement} */ (form.querySelector("button"));
  order.classList.add("grave");
  const row = make("p", "row", cancel);
  order.replaceWith(row);
  row.append(order);
  const dialog = openDialog(title, form);
}

/** @param {() => unknown} look */
export function beginAppointing(look) {
  const nick = find("#appoint-nick");
  find("#appoint").addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    const name = nick.value.trim();
    ask(say.appointTitle(name), say.appointHint, say.appointNow, "/admin/grant/", name, () => {
      nick.value = "";
      look();
    });
  });
}

/** @param {string} nick @param {() => unknown} look */
export const askDismiss = (nick, look) =>
  ask(say.dismissTitle(nick), say.dismissHint, say.dismissNow, "/admin/revoke/", nick, look);
