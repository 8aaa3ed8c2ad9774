// A member's account at the provider, with which to log in besides the password.

import { makeForm } from "../view/dialog.js";
import { labelled, make } from "../view/dom.js";
import { order } from "./orders.js";
import { say } from "./settingsTexts.js";

/**
 * What the dialog about one's nickname shows about it.
 * @param {{name: string, connected: boolean}} provider as the server tells it @param {() => HTMLInputElement} makePassword
 */
export function providerParts({ name, connected }, makePassword) {
  const title = connected ? say.disconnect(name) : say.connect(name);
  const password = makePassword();
  const part = make("details", "", make("summary", "", title));
  part.append(makeForm(title, async () => {
    const path = connected ? "/chat/identity/remove/" : "/chat/identity/";
    const answer = await order(path, { password: password.value });
    // Drafts survive that the page goes, and come back with it.
    if (!connected) location.assign(answer.response);
    else part.replaceWith(providerParts({ name, connected: false }, makePassword));
  }, make("p", "hint", connected ? say.disconnectHint(name) : say.connectHint(name)), labelled(say.password, password)));
  return part;
}
