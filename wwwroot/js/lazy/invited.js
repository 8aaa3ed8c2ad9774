// Enters a room with a link, /chat/#join=SECRET.

import { LINK, own } from "../storage/store.js";
import { words } from "../text/words.js";
import * as api from "../transport/api.js";
import * as dropped from "../view/dropped.js";
import { reason } from "./orders.js";

/** @param {import("../session/session.js").Session} session @param {string} link its secret */
export async function enterByLink(session, link) {
  try {
    const { room } = (await api.call("/chat/room/enter/", { form: { link } })).response;
    // The poll may already have brought the room.
    if (session.chat.rooms.get(room)) session.select(session.chat.open("room", room));
    else session.expect("room", room);
  } catch (error) {
    dropped.hint(words.failed(reason(error)));
    // A reload tries again.
    if (error instanceof api.Lost) return;
  }
  own.write(LINK, undefined);
  history.replaceState(null, "", location.pathname + location.search);
}
