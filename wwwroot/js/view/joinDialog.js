// Joins a room by name, from the list of all rooms, or with a link, /chat/#join=SECRET.

import { LINK, own } from "../storage/store.js";
import * as api from "../transport/api.js";
import { refusal, words } from "../text/words.js";
import { makeForm, makeInput, openDialog } from "./dialog.js";
import { labelled, make, press } from "./dom.js";

export const JOIN = "#join=";

/** The secret of the link that led here, or "". A login with a provider loses what is behind the #. */
export const secretOfLink = () => (location.hash.startsWith(JOIN) ? location.hash.slice(JOIN.length) : own.read(LINK, ""));

/** @param {import("../session/session.js").Session} session */
export async function openJoin(session) {
  const { chat } = session;
  const name = makeInput();
  name.maxLength = 33;
  name.autocapitalize = "none";
  name.spellcheck = false;
  name.placeholder = "dev";
  /** @param {string} room */
  const enter = async (room) => {
    const there = chat.roomCalled(room);
    if (there) session.select(there);
    else {
      session.expect("room", room);
      await api.join(room);
    }
    dialog.close();
  };
  const list = make("div", "list");
  const form = makeForm(words.join, () => enter(name.value.trim().replace(/^#/, "")), labelled(words.roomName, name));
  const dialog = openDialog(words.joinRoom, form, list);
  name.focus();
  try {
    const rooms = await api.rooms();
    list.append(make("h3", "hint", words.allRooms), ...rooms.map((/** @type {any} */ { name: room, title = room, topic, members }) => {
      const mine = chat.rooms.get(room) ? ` · ${words.youAreIn}` : "";
      const entry = press("", () => void enter(room).catch((error) =>
        list.append(make("p", "error", words.failed(refusal(error.code ?? "lost"))))), "entry");
      entry.append(
        make("strong", "", "#", make("bdi", "", title)),
        make("span", "hint", `${words.members(members)}${mine}`),
        make("span", "hint", topic));
      return entry;
    }));
  } catch { /* the user can still type a name */ }
}
