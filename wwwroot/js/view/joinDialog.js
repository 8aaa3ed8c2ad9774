// Joins a room by name, from the list of all rooms, or with a link, /chat/#join=SECRET.

import { LINK, own } from "../storage/store.js";
import * as api from "../transport/api.js";
import { words } from "../text/words.js";
import { makeForm, makeInput, openDialog } from "./dialog.js";
import { labelled, make } from "./dom.js";

export const JOIN = "#join=";

/** The secret of the link that led here, or "". A login with a provider loses what is behind the #. */
export const secretOfLink = () => (location.hash.startsWith(JOIN) ? location.hash.slice(JOIN.length) : own.read(LINK, ""));

/**
 * @param {import("../session/session.js").Session} session
 * @param {(list: HTMLElement, enter: (room: string) => Promise<void>) => unknown} fill lists the rooms
 */
export function openJoin(session, fill) {
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
  fill(list, enter);
}
