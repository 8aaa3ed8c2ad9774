// Asks before a message is deleted, and shows moderators what it was before it was edited.

import { calm } from "../text/limits.js";
import * as time from "../text/time.js";
import { words } from "../text/words.js";
import * as api from "../transport/api.js";
import { makeForm, openDialog } from "../view/dialog.js";
import { find, make, press } from "../view/dom.js";
import { grave, order, reason } from "./orders.js";
import { say } from "./settingsTexts.js";

/** @typedef {import("../model/line.js").Line} Line */

const LONGEST = 300;

/** @param {string} text */
function quote(text) {
  const element = make("blockquote", "text", text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
  element.dir = "auto";
  return element;
}

/** @param {Line} line */
export function openDelete({ id, text }) {
  const form = grave(makeForm(say.deleteNow, async () => {
    await order("/chat/delete_msg/", { id: String(id) });
    dialog.close();
    find("#input").focus();
  }, make("p", "", say.deleteHint)));
  const keep = press(say.cancel, () => dialog.close());
  form.append(keep);
  const dialog = openDialog(say.deleteTitle, quote(text), form);
  // Whoever presses Enter once too often must not delete it.
  keep.focus();
}

/** @param {Line} line */
export async function openEarlier({ id }) {
  const list = make("div", "list");
  openDialog(say.earlier, list);
  try {
    /** @type {{msg: string, at: string}[]} */
    const texts = (await api.ask(`/chat/edits/?id=${id}`)).response;
    list.append(...texts.map(({ msg, at }) => make("section", "", make("p", "hint", time.short(new Date(at))), quote(calm(msg)))));
    if (texts.length === 0) list.append(make("p", "hint", say.noEarlier));
  } catch (error) {
    list.append(make("p", "error", words.failed(reason(error))));
  }
}
