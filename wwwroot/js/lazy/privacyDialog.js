// One's own data: getting them, and having them erased.

import * as api from "../transport/api.js";
import { makeCheck, makeForm, openDialog } from "../view/dialog.js";
import { labelled, make, press } from "../view/dom.js";
import { forget } from "./forget.js";
import { grave } from "./orders.js";
import { say } from "./settingsTexts.js";

/**
 * The link and the button at the end of the dialog about one's nickname.
 * @param {() => boolean} hasPassword @param {() => HTMLInputElement} makePassword
 */
export function privacyParts(hasPassword, makePassword) {
  const link = make("a", "", say.download);
  link.href = `${api.BASE}/chat/export/`;
  link.download = "chat-data.jsonl";
  return grave(make("p", "", link, " ", press(say.erase, () => openErase(hasPassword(), makePassword()))));
}

/** @param {boolean} hasPassword @param {HTMLInputElement} password */
function openErase(hasPassword, password) {
  // Whether there is one may not be known.
  password.required = false;
  const sure = makeCheck(say.eraseSure, false, () => {});
  /** @type {HTMLInputElement} */ (sure.querySelector("input")).required = true;
  const form = makeForm(
    say.eraseNow,
    async () => {
      await api.call("/chat/erase/", { form: { password: password.value, confirm: "yes" } });
      // Drafts and how far one has read are only in this browser. The page may store something again until it goes.
      addEventListener("pagehide", forget);
      location.assign(`${api.BASE}/`);
    },
    make("p", "hint", say.eraseHint),
    ...(hasPassword ? [labelled(say.password, password)] : []),
    sure);
  openDialog(say.erase, grave(form));
}
