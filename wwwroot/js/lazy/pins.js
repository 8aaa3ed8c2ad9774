// The pinned messages of a room: the button in its header that counts them, and the list that it opens.

import { keyOf } from "../model/conversation.js";
import { calm } from "../text/limits.js";
import * as time from "../text/time.js";
import { words } from "../text/words.js";
import * as api from "../transport/api.js";
import { newKey } from "../transport/outbox.js";
import { openDialog } from "../view/dialog.js";
import { find, hue, make, press } from "../view/dom.js";
import * as dropped from "../view/dropped.js";
import { attempt, reason } from "./orders.js";
import { excerpt } from "./quotes.js";
import { goTo } from "./reach.js";
import { moderates } from "./role.js";
import { say } from "./settingsTexts.js";

/** @typedef {import("../session/session.js").Session} Session */
/** @typedef {import("../model/conversation.js").Conversation} Conversation */

const button = find("#pins-open");
/** The ids of the pinned messages of rooms, as far as they are known. @type {Map<string, Set<number>>} */
const known = new Map();
/** Rooms whose pins are being asked for. @type {Set<string>} */
const asked = new Set();
/** @type {Session} */
let session;

button.addEventListener("click", () => void openPins());

/** Shows how many messages of the open room are pinned. @param {Session} now */
export function show(now) {
  session = now;
  const { room } = session.chat.selected;
  const count = known.get(room)?.size ?? 0;
  button.hidden = count === 0;
  find("#pins-count").textContent = String(count);
  button.title = say.pinnedCount(count);
  button.setAttribute("aria-label", button.title);
  if (room && session.user && !known.has(room) && !asked.has(room)) void learn(room);
}

/** @param {string} room */
async function learn(room) {
  asked.add(room);
  try {
    await pinsOf(room);
  } catch { /* asked again when the room is opened again */ }
  asked.delete(room);
  show(session);
}

/** @param {string} room @returns {Promise<any[]>} the last pin first */
async function pinsOf(room) {
  const { response } = await api.optional(api.ask(`/chat/pins/?room=${encodeURIComponent(room)}`), { response: [] });
  known.set(room, new Set(response.map((/** @type {any} */ { id }) => id)));
  return response.toReversed();
}

/** Whether a message is pinned, as far as is known. @param {string} room @param {number} id */
export const isPinned = (room, id) => known.get(room)?.has(id) ?? false;

/** @param {Conversation} conversation @param {number} id @param {boolean} on @param {number} [other] whose pin had to make room */
export function changed({ room }, id, on, other = NaN) {
  const ids = known.get(room);
  if (on) ids?.add(id);
  else ids?.delete(id);
  ids?.delete(other);
}

/** What was known may be out of date. */
export const forget = () => known.clear();

/** @param {number} id @param {boolean} on */
const pinForm = (id, on) => ({ id: String(id), on: on ? "1" : "0", key: newKey() });

/** Pins a message, or ends that. @param {number} id @param {boolean} on */
export async function pin(id, on) {
  try {
    await api.call("/chat/pin/", { form: pinForm(id, on) });
  } catch (error) {
    dropped.hint(words.failed(reason(error)));
  }
}

async function openPins() {
  const { room, name } = session.chat.selected;
  const list = make("div", "list");
  const dialog = openDialog(say.pinnedTitle, list);
  try {
    const [items, mayUnpin] = await Promise.all([pinsOf(room), moderates(session.chat.selected)]);
    list.append(...items.map((item) => entry(item, name, dialog, mayUnpin)));
    if (items.length === 0) list.append(make("p", "hint", say.noPins));
    show(session);
  } catch (error) {
    list.append(make("p", "error", words.failed(reason(error))));
  }
}

/** @param {any} item @param {string} room @param {HTMLDialogElement} dialog @param {boolean} mayUnpin */
function entry({ id, at, d }, room, dialog, mayUnpin) {
  const line = make("div", "pinned");
  const show = press("", async () => {
    if (await goTo(session, keyOf("room", room), id, (text) => line.append(make("p", "error", text)))) dialog.close();
  }, "entry");
  show.dataset.message = String(id);
  const text = make("span", "text", excerpt(calm(d.msg)));
  text.dir = "auto";
  show.append(make("span", "hint", make("strong", hue(d.nick), make("bdi", "", d.nick)), ` · ${time.short(new Date(at))}`), text);
  line.append(show);
  if (mayUnpin) {
    line.append(press(say.unpin, async () => {
      if (await attempt(line, "/chat/pin/", pinForm(id, false))) line.remove();
    }));
  }
  return line;
}
