// Leaves a room, a private conversation, or the chat.

import { keepReply } from "../model/replies.js";
import * as api from "../transport/api.js";
import * as composer from "../view/composer.js";

/** @typedef {import("../session/session.js").Session} Session */
/** @typedef {import("../transport/outbox.js").Outbox} Outbox */

/** @param {Session} session @param {Outbox} outbox @param {() => void} draw */
export async function leaveRoom(session, outbox, draw) {
  const { chat } = session;
  const { selected } = chat;
  if (selected.kind === "person") {
    chat.close(selected);
    session.save();
    return draw();
  }
  await api.call("/chat/part/", { form: { room: selected.name } }).catch(() => outbox.add("/leave", selected));
}

/** @param {Session} session @param {Outbox} outbox */
export async function logOut({ connection }, outbox) {
  // Stop the poll first, or its bad_session would flash up.
  connection.stop();
  try {
    await api.call("/chat/leave/", { form: {} });
  } catch (error) {
    if (error instanceof api.Lost) return connection.start();
  }
  connection.left();
  outbox.letters = [];
  composer.forgetDrafts();
  keepReply("", "");
  location.assign(`${api.BASE}/`);
}
