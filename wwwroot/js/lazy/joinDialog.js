// Joins a room by name, or from the list of all rooms.

import { words } from "../text/words.js";
import * as api from "../transport/api.js";
import { makeForm, makeInput, openDialog } from "../view/dialog.js";
import { labelled, make, press } from "../view/dom.js";
import { reason } from "./orders.js";
import { say } from "./settingsTexts.js";
import { join } from "./switcher.js";

/** @typedef {import("../session/session.js").Session} Session */

/** @param {Session} session */
export function openJoin(session) {
  const name = makeInput();
  name.maxLength = 33;
  name.autocapitalize = "none";
  name.spellcheck = false;
  name.placeholder = "dev";
  /** @param {string} room */
  const enter = async (room) => {
    await join(session, room);
    dialog.close();
  };
  const list = make("div", "list");
  const form = makeForm(say.join, () => enter(name.value.trim().replace(/^#/, "")), labelled(say.roomName, name));
  const dialog = openDialog(words.joinRoom, form, list);
  name.focus();
  void listRooms(session, list, enter);
}

/** @param {Session} session @param {HTMLElement} list @param {(room: string) => Promise<unknown>} enter */
async function listRooms({ chat }, list, enter) {
  /** @type {{name: string, title: string, topic: string, members: number}[]} */
  let rooms;
  try {
    rooms = (await api.rooms()).map((/** @type {any} */ one) => ({ title: one.name, ...one }));
  } catch {
    // The user can still type a name.
    return;
  }
  rooms.sort((one, other) => one.title.localeCompare(other.title));
  list.append(make("h3", "hint", say.allRooms), ...rooms.map(({ name, title, topic, members }) => {
    const mine = chat.rooms.get(name) ? ` · ${say.youAreIn}` : "";
    const entry = press("", () => void enter(name).catch((error) =>
      list.append(make("p", "error", words.failed(reason(error))))), "entry");
    entry.append(
      make("strong", "", "#", make("bdi", "", title)),
      make("span", "hint", `${words.members(members)}${mine}`),
      make("span", "hint", topic));
    return entry;
  }));
}
