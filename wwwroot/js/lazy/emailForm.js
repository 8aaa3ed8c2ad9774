// A member's e-mail address, to which links for a new password are sent.

import { makeForm, makeInput } from "../view/dialog.js";
import { labelled, make } from "../view/dom.js";
import { order } from "./orders.js";
import { say } from "./settingsTexts.js";

/** @typedef {{confirmed: string | null, pending: string | null}} Emails as the server tells them */

/**
 * What the dialog about one's nickname shows about the address.
 * @param {Emails} emails @param {() => HTMLInputElement} makePassword
 */
export function emailParts(emails, makePassword) {
  const state = make("p", "hint", stateOf(emails));
  state.setAttribute("role", "status");
  const [address, password] = [makeInput(emails.pending ?? emails.confirmed ?? ""), makePassword()];
  address.type = "email";
  address.autocomplete = "email";
  address.maxLength = 254;
  const form = makeForm(say.emailStore, async () => {
    await order("/chat/email/", { address: address.value, password: password.value });
    password.value = "";
    Object.assign(emails, address.value ? { pending: address.value } : { confirmed: null, pending: null });
    state.textContent = stateOf(emails);
  }, make("p", "hint", say.emailHint), labelled(say.email, address), labelled(say.password, password));
  return {
    part: make("details", "", make("summary", "", say.email), state, form),

    /** A new password has voided the link of an address that is not confirmed. */
    forgetPending() {
      if (address.value === emails.pending) address.value = emails.confirmed ?? "";
      emails.pending = null;
      state.textContent = stateOf(emails);
    },
  };
}

/** @param {Emails} emails */
const stateOf = ({ confirmed, pending }) => [
  confirmed ? say.emailConfirmed(confirmed) : "",
  pending ? say.emailPending(pending) : "",
].filter(Boolean).join(" ") || say.emailNone;
