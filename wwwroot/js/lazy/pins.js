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
/**
 * Of rooms whose pins are being read: whether pins changed meanwhile, and which messages were deleted.
 * @type {WeakMap<Room, {pins: Promise<any[]>, again: boolean, deleted: Set<number>}>}
 */
const readings = new WeakMap();

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
  if (room && !readings.has(room) && !idsOf(session, name)) ask(session, name, room);
}

/** @param {Session} session @param {string} name @param {Room} room */
function ask({ chat }, name, room) {
  read(name, room).then(() => drawHeader(chat), () => { /* asked again when something is drawn */ });
}

/**
 * Reads what is pinned in a room. Only one request is out at a time; if its answer may be old, another follows.
 * @param {string} name @param {Room} room @returns {Promise<any[]>} the last pin first
 */
function read(name, room) {
  const reading = readings.get(room) ?? { pins: answer(), again: false, deleted: new Set() };
  readings.set(room, reading);
  return reading.pins;

  async function answer() {
    // Whatever changes before the request goes out is in the answer.
    await null;
    try {
      let found;
      do {
        reading.again = false;
        found = (await api.optional(api.ask(`/chat/pins/?room=${encodeURIComponent(name)}`), { response: [] })).response;
      } while (reading.again);
      const pins = found.filter((/** @type {any} */ { id }) => !reading.deleted.has(id));
      known.set(room, new Set(pins.map((/** @type {any} */ { id }) => id)));
      room.pins = pins.length;
      return pins.toReversed();
    } finally {
      readings.delete(room);
    }
  }
}

/** Whether a message is pinned, as far as is known. @param {Session} session @param {string} name @param {number} id */
export const isPinned = (session, name, id) => idsOf(session, name)?.has(id) ?? false;

/**
 * @param {Session} session @param {Conversation} conversation @param {number} id @param {boolean} on
 * @param {number} [other] whose pin had to make room
 */
export function changed(session, { room: name }, id, on, other = NaN) {
  const room = session.chat.rooms.get(name);
  if (!room) return;
  const reading = readings.get(room);
  const ids = idsOf(session, name);
  if (reading) reading.again = true;
  else if (!ids) ask(session, name, room);
  if (!ids) return;
  if (on) ids.add(id);
  else ids.delete(id);
  ids.delete(other);
  room.pins = ids.size;
}

/**
 * A message was deleted, and can never be pinned again.
 * @param {Session} session @param {Conversation} conversation @param {number} id
 */
export function deleted(session, { room: name }, id) {
  const room = session.chat.rooms.get(name);
  if (!room) return;
  const reading = readings.get(room);
  const ids = idsOf(session, name);
  if (reading) reading.deleted.add(id);
  else if (!ids) ask(session, name, room);
  if (ids?.delete(id)) room.pins = ids.size;
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
  const { room: address, name } = session.chat.selected;
  const room = session.chat.rooms.get(address);
  const list = make("div", "list");
  const dialog = openDialog(say.pinnedTitle, list);
  try {
    const [items, mayUnpin] = await Promise.all([room ? read(address, room) : [], moderates(session.chat.selected)]);
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
