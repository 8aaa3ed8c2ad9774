// The pinned messages of a room, and the list of them.

import { keyOf } from "../model/conversation.js";
import { calm } from "../text/limits.js";
import * as time from "../text/time.js";
import { words } from "../text/words.js";
import * as api from "../transport/api.js";
import { newKey } from "../transport/outbox.js";
import { openDialog } from "../view/dialog.js";
import { hue, make, press } from "../view/dom.js";
import * as dropped from "../view/dropped.js";
import { drawHeader } from "../view/sidebar.js";
import { attempt, reason } from "./orders.js";
import { excerpt } from "./quotes.js";
import { goTo } from "./reach.js";
import { moderates } from "./role.js";
import { say } from "./settingsTexts.js";

/** @typedef {import("../session/session.js").Session} Session */
/** @typedef {import("../model/conversation.js").Conversation} Conversation */
/** @typedef {import("../model/rooms.js").Room} Room */

/** The ids of the pinned messages of rooms, as far as they are known. @type {WeakMap<Room, Set<number>>} */
const known = new WeakMap();
/** Rooms whose pins are being asked for. @type {WeakSet<Room>} */
const asked = new WeakSet();

/** @param {Session} session @param {string} name */
function idsOf({ chat }, name) {
  const room = chat.rooms.get(name);
  if (room?.pins === 0 && !known.has(room)) known.set(room, new Set());
  return room && known.get(room);
}

/** Finds out what is pinned in the open room. @param {Session} session */
export function learn(session) {
  const { room: name } = session.chat.selected;
  const room = session.chat.rooms.get(name);
  if (room && !asked.has(room) && !idsOf(session, name)) ask(session, name, room);
}

/** @param {Session} session @param {string} name @param {Room} room */
function ask(session, name, room) {
  asked.add(room);
  pinsOf(session, name).then(() => drawHeader(session.chat), () => { /* asked again when something is drawn */ })
    .finally(() => asked.delete(room));
}

/** @param {Session} session @param {string} name @returns {Promise<any[]>} the last pin first */
async function pinsOf({ chat }, name) {
  const room = chat.rooms.get(name);
  const { response } = await api.optional(api.ask(`/chat/pins/?room=${encodeURIComponent(name)}`), { response: [] });
  if (room) {
    known.set(room, new Set(response.map((/** @type {any} */ { id }) => id)));
    room.pins = response.length;
  }
  return response.toReversed();
}

/** Whether a message is pinned, as far as is known. @param {Session} session @param {string} name @param {number} id */
export const isPinned = (session, name, id) => idsOf(session, name)?.has(id) ?? false;

/**
 * @param {Session} session @param {Conversation} conversation @param {number} id @param {boolean} on
 * @param {number} [other] whose pin had to make room
 */
export function changed(session, { room: name }, id, on, other = NaN) {
  const room = session.chat.rooms.get(name);
  const ids = idsOf(session, name);
  if (!room) return;
  // An answer that is on its way may not have it.
  if (!ids || asked.has(room)) return ask(session, name, room);
  if (on) ids.add(id);
  else ids.delete(id);
  ids.delete(other);
  room.pins = ids.size;
}

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

/** @param {Session} session */
export async function openPins(session) {
  const { room, name } = session.chat.selected;
  const list = make("div", "list");
  const dialog = openDialog(say.pinnedTitle, list);
  try {
    const [items, mayUnpin] = await Promise.all([pinsOf(session, room), moderates(session.chat.selected)]);
    list.append(...items.map((item) => entry(session, item, name, dialog, mayUnpin)));
    if (items.length === 0) list.append(make("p", "hint", say.noPins));
    drawHeader(session.chat);
  } catch (error) {
    list.append(make("p", "error", words.failed(reason(error))));
  }
}

/** @param {Session} session @param {any} item @param {string} room @param {HTMLDialogElement} dialog @param {boolean} mayUnpin */
function entry(session, { id, at, d }, room, dialog, mayUnpin) {
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
