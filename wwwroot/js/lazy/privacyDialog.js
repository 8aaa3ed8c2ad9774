// One's own data: getting them, and having them erased.

import * as api from "../transport/api.js";
import { makeForm, openDialog } from "../view/dialog.js";
import { labelled, make, press } from "../view/dom.js";
import { forget } from "./forget.js";
import { say } from "./settingsTexts.js";

/** The link and the button at the end of the dialog about one's nickname. @param {any} me @param {() => HTMLInputElement} makePassword */
export function privacyParts(me, makePassword) {
  const link = make("a", "", say.download);
  link.href = `${api.BASE}/chat/export/`;
  link.download = "chat-data.jsonl";
  return make("p", "privacy", link, " ", press(say.erase, () => openErase(me, makePassword)));
}

/** @param {any} me @param {() => HTMLInputElement} makePassword */
function openErase(me, makePassword) {
  const password = makePassword();
  // Whether there is one may not be known.
  password.required = false;
  const sure = make("input");
  sure.type = "checkbox";
  sure.required = true;
  const form = makeForm(
    say.eraseNow,
    async () => {
      await api.call("/chat/erase/", { form: { password: password.value, confirm: "yes" } });
      // Drafts and how far one has read are only in this browser. The page may store something again until it goes.
      addEventListener("pagehide", forget);
      location.assign(`${api.BASE}/`);
    },
    make("p", "hint", say.eraseHint),
    ...(me.member && me.password ? [labelled(say.password, password)] : []),
    make("label", "check", sure, say.eraseSure));
  openDialog(say.erase, form);
}
