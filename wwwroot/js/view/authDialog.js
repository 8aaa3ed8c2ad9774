// Asks for the administrators' password in a separate field, and stores it nowhere.

import { words } from "../text/words.js";
import * as api from "../transport/api.js";
import { makeForm, makeInput, openDialog } from "./dialog.js";
import { labelled, make } from "./dom.js";

export function openAuth() {
  const password = makeInput();
  password.type = "password";
  password.autocomplete = "current-password";
  password.required = true;
  password.maxLength = 1024;
  const form = makeForm(words.authSend, async () => {
    try {
      await api.authenticate(password.value);
      dialog.close();
    } catch (error) {
      password.focus();
      if (error instanceof api.Refused && error.code === "not_allowed") throw new api.Refused("auth_off");
      if (error instanceof api.Refused && error.code === "rate_limited") throw { text: words.authWait(Math.ceil(error.retryAfter ?? 1)) };
      throw error;
    } finally {
      password.value = "";
    }
  }, make("p", "hint", words.authHint), labelled(words.authPassword, password));
  const dialog = openDialog(words.authTitle, form);
  dialog.addEventListener("close", () => (password.value = ""));
  password.focus();
}
