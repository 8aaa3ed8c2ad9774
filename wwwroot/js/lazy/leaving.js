// Leaves a room, a private conversation, or the chat. Leaving a room can be undone for some seconds. Where that would not work, the page
// asks first.

import { keepReply } from "../model/replies.js";
import { words } from "../text/words.js";
import * as api from "../transport/api.js";
import { announce } from "../view/attention.js";
import * as composer from "../view/composer.js";
import { makeForm, openDialog } from "../view/dialog.js";
import { find, make, press } from "../view/dom.js";
import * as dropped from "../view/dropped.js";
import { grave, order, reason } from "./orders.js";
import { say } from "./settingsTexts.js";

/** @typedef {import("../session/session.js").Session} Session */
/** @typedef {import("../transport/outbox.js").Outbox} Outbox */

// How long leaving can be undone, in ms; longer while the button has the mouse over it or the focus.
const SHOWN = 10_000;
const LONGER = 2000;

/** @param {Session} session @param {Outbox} outbox @param {() => void} draw */
export async function leaveRoom(session, outbox, draw) {
  const { chat } = session;
  const { selected } = chat;
  if (selected.kind === "person") {
    chat.close(selected);
    session.save();
    return draw();
  }
  const { name, title } = selected;
  /** @type {import("./roomDialog.js").Details & {members: number} | null} */
  const room = await api.call(`/chat/room/?room=${encodeURIComponent(name)}`).then((answer) => answer.response, () => null);
  const part = () => api.call("/chat/part/", { form: { room: name } });
  if (!room) await part().catch(() => outbox.add("/leave", selected));
  else if (room.members === 1) ask(title, say.leaveLast);
  else if (room.private && room.role === "member") ask(title, say.leavePrivate);
  else await part().then(() => offerUndo(session, name, title), () => outbox.add("/leave", selected));

  /** @param {string} of @param {string} hint */
  function ask(of, hint) {
    const form = grave(makeForm(say.leaveNow, async () => {
      await order("/chat/part/", { room: name });
      dialog.close();
      write();
    }, make("p", "", hint)));
    const stay = press(say.cancel, () => dialog.close());
    form.append(stay);
    const dialog = openDialog(say.leaveTitle(of), form);
    stay.focus();
  }
}

/** @param {Session} session @param {string} room @param {string} title */
function offerUndo(session, room, title) {
  find(".undo")?.remove();
  const undo = press(say.undo, () => {
    notice.remove();
    write();
    const there = session.chat.roomCalled(room);
    if (there) return session.select(there);
    session.expect("room", room);
    api.join(room).catch((error) => dropped.hint(words.failed(reason(error))));
  });
  const notice = make("div", "undo", make("span", "", words.parted(title.slice(1))), undo);
  const expire = () => {
    if (notice.matches(":hover, :focus-within")) setTimeout(expire, LONGER);
    else notice.remove();
  };
  setTimeout(expire, SHOWN);
  find(".main > footer").prepend(notice);
  // A live region that comes with its text is not read out. That the room was left is a line of its own.
  announce([say.undoHint(title)]);
  write();
}

/** Without opening the keyboard of a phone. */
function write() {
  if (matchMedia("(pointer: fine)").matches) find("#input").focus();
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
