// The list of all rooms, in the dialog that joins one.

import { refusal, words } from "../text/words.js";
import * as api from "../transport/api.js";
import { make, press } from "../view/dom.js";

/** @param {import("../model/chat.js").Chat} chat @param {HTMLElement} list @param {(room: string) => Promise<unknown>} enter */
export async function listRooms(chat, list, enter) {
  /** @type {{name: string, title: string, topic: string, members: number}[]} */
  let rooms;
  try {
    rooms = (await api.rooms()).map((/** @type {any} */ one) => ({ title: one.name, ...one }));
  } catch {
    // The user can still type a name.
    return;
  }
  rooms.sort((one, other) => one.title.localeCompare(other.title));
  list.append(make("h3", "hint", words.allRooms), ...rooms.map(({ name, title, topic, members }) => {
    const mine = chat.rooms.get(name) ? ` · ${words.youAreIn}` : "";
    const entry = press("", () => void enter(name).catch((error) =>
      list.append(make("p", "error", words.failed(refusal(error.code ?? "lost"))))), "entry");
    entry.append(
      make("strong", "", "#", make("bdi", "", title)),
      make("span", "hint", `${words.members(members)}${mine}`),
      make("span", "hint", topic));
    return entry;
  }));
}
