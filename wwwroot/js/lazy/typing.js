// Who is typing in the open conversation, and telling others that the user is. Such signals are not items: they may get lost, and the
// server keeps none.

import { settings } from "../storage/settings.js";
import * as api from "../transport/api.js";
import { find, make } from "../view/dom.js";
import { say } from "./settingsTexts.js";

/** @typedef {import("../model/conversation.js").Conversation} Conversation */

/** @type {import("../session/session.js").Session} */
let session;
/** By user id. @type {Map<string, {nick: string, room?: string, timer: number}>} */
const typists = new Map();
const shown = make("span", "typing");
shown.dir = "auto";
/** When somebody said something last, by nick; only the newest matter. @type {Map<string, number>} */
const spoken = new Map();
const MOST = 1000;
/** Where others were told last that the user is typing, and when to tell them again. @type {Conversation | null} */
let told = null;
let next = 0;

/** @param {typeof session} now */
export function begin(now) {
  session = now;
  find(".state").prepend(shown);
}

/** For how long one signal counts, in ms; 0 if nobody is told. */
const lifetime = () => (session.limits.typing ?? 0) * 1000;

/** The user has changed the text of a new message. @param {string} text */
export function tell(text) {
  const here = session.chat.selected;
  const isMessage = text.trim() !== "" && !/^\/(?!me\s)/i.test(text);
  if (told && (!isMessage || told !== here)) {
    send(told, false);
    told = null;
  }
  if (!isMessage || !settings.typing || lifetime() === 0 || (told && performance.now() < next)) return;
  told = here;
  // The server ignores whoever says it too often. In a crowd, not all should say it at the same moment.
  next = performance.now() + lifetime() / 2 + Math.random() * 1000;
  send(here, true);
}

/** @param {Conversation} to @param {boolean} on */
function send({ kind, name, id, gone }, on) {
  if (kind === "person" ? !id || gone : (session.chat.rooms.get(name)?.users.size ?? 0) < 2) return;
  const form = { ...(kind === "room" ? { room: name } : { with: id ?? "" }), on: on ? "1" : "0" };
  api.call("/chat/typing/", { form }).catch(() => { /* nobody needs to know */ });
}

/** @param {{number?: number, nick: string, user_id: string, room?: string, on: boolean}} signal number: its time, by the server's clock */
export function hear({ number = Infinity, nick, user_id: id, room, on }) {
  // Mail goes first, so what was typed may be here already.
  if (on && number <= (spoken.get(nick) ?? 0)) return;
  clearTimeout(typists.get(id)?.timer);
  typists.delete(id);
  if (on) typists.set(id, { nick, room, timer: setTimeout(() => hear({ nick, user_id: id, on: false }), lifetime()) });
  draw();
}

/**
 * A line has arrived: whoever said it has stopped typing there.
 * @param {Conversation} conversation @param {{nick?: string, own: boolean, at?: string}} line
 */
export function said(conversation, { nick = "", own, at }) {
  if (spoken.size >= MOST) spoken.clear();
  if (at) spoken.set(nick, Date.parse(at));
  if (own && conversation === told) told = null;
  for (const [id, one] of typists) {
    if (one.nick === nick && isIn(conversation, id, one)) hear({ nick, user_id: id, on: false });
  }
}

/** @param {Conversation} conversation @param {string} id @param {{nick: string, room?: string}} typist */
const isIn = (conversation, id, { nick, room }) =>
  (conversation.kind === "room" ? room === conversation.name : room === undefined && (conversation.id ?? id) === id
    && (conversation.id !== undefined || conversation.name === nick));

export function draw() {
  const nicks = [...typists].filter(([id, one]) => isIn(session.chat.selected, id, one)).map(([, { nick }]) => `\u2068${nick}\u2069`);
  const text = nicks.length > 0 ? say.typing(nicks) : "";
  if (shown.textContent !== text) shown.textContent = text;
}
