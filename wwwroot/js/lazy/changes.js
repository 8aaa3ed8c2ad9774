// Applies what was done to messages that are on the page: edits and deletions.

import { keyOf } from "../model/conversation.js";
import { saidLine, systemLine } from "../model/line.js";
import { LOBBY } from "../model/rooms.js";
import { hides } from "../storage/settings.js";
import { calm } from "../text/limits.js";
import { words } from "../text/words.js";
import * as api from "../transport/api.js";
import * as attention from "../view/attention.js";
import { make } from "../view/dom.js";
import { closeNotice } from "./call.js";
import * as pins from "./pins.js";
import { requote } from "./quotes.js";
import { merge, redraw } from "./reactions.js";
import { say } from "./settingsTexts.js";

/** @typedef {import("../session/session.js").Session} Session */

// A page of the history may be on its way that has the message as it was.
const LATE = 5000;
// How many pages of changes to a conversation are read after an absence.
const PAGES = 50;

/** The id of the change by which a line came about. @type {WeakMap<import("../model/line.js").Line, number>} */
const causes = new WeakMap();

/** Applies a change that arrives. @param {Session} session @param {any} item @param {() => void} draw @param {boolean} [again] */
export function apply(session, item, draw, again = true) {
  const { chat } = session;
  const line = change(session, item);
  if (!line && again) setTimeout(apply, LATE, session, item, draw, false);
  if (item.t.startsWith("reaction")) return;
  if (item.t === "message_pinned") return draw();
  changeResults(item);
  if (!line) return;
  const conversation = of(session, item);
  if (conversation) closeNotice(conversation.key, item.d.message);
  if (conversation === chat.selected && item.d.nick !== chat.me && !hides({ nick: item.d.nick, id: item.d.message })) {
    attention.announce([item.t === "message_edited" ? say.corrected(item.d.nick, item.d.msg) : words.deleted(item.d.nick)]);
  }
  draw();
}

/**
 * Reads what was done after an id, which the page was not told.
 * @param {Session} session @param {number} since @param {() => void} draw
 */
export async function catchUp(session, since, draw) {
  if (since < 0) return;
  const { conversations, rooms: lists } = session.chat;
  const rooms = conversations.filter(({ kind, name }) => kind === "room" && lists.get(name))
    .map(({ name }) => `room=${encodeURIComponent(name)}`);
  try {
    for (const which of [...rooms, "with=*"]) {
      let after = since;
      for (let page = 0; page < PAGES; page++) {
        const answer = await api.optional(api.ask(`/chat/changes/?${which}&since=${after}&limit=200`), { response: [] });
        for (const item of answer.response) change(session, item);
        if (!answer.more || answer.response.length === 0) break;
        after = answer.response.at(-1).id;
      }
    }
    draw();
  } catch (error) {
    if (error instanceof api.Lost) setTimeout(catchUp, LATE, session, since, draw);
  }
}

/** @param {Session} session @param {any} item */
const of = ({ chat }, { d, room }) =>
  (d.with ? chat.conversations.find(({ id }) => id === d.with) : chat.find(keyOf("room", room ?? LOBBY)));

/** Replaces a line. @param {Session} session @param {any} item @returns {boolean} whether the line is on the page */
function change(session, item) {
  const { message, msg = "" } = item.d;
  const conversation = of(session, item);
  if (conversation && item.t === "message_pinned") return pin(session, conversation, item);
  if (conversation && item.t === "message_edited") requote(session, conversation, message, msg);
  if (conversation && item.t === "message_removed") requote(session, conversation, message, null);
  if (conversation && item.t === "message_removed") pins.deleted(session, conversation, message);
  // A part far back may have it instead.
  return [conversation, conversation?.past].filter((one) => one && changeIn(one, session, item)).length > 0;
}

/** @param {import("../model/conversation.js").Conversation} conversation @param {Session} session @param {any} item @returns {boolean} */
function changeIn(conversation, session, item) {
  const { chat } = session;
  const { message, nick, msg = "", action } = item.d;
  const at = conversation.lines.findLastIndex(({ id, era, presence }) => id === message && era === chat.era && !presence);
  if (at < 0) return false;
  const line = conversation.lines[at];
  if (item.t.startsWith("reaction")) return react(session, line, item);
  // Changes may come twice, and late.
  if (line.kind === "system" || (causes.get(line) ?? -1) >= item.id) return true;
  const now = item.t === "message_edited" ? { edited: item.at } : { deleted: true };
  const next = saidLine(chat.era, { id: line.id, at: line.at, ...now }, { nick, text: msg, own: line.own, action }, chat.me);
  if (next.kind !== "system") Object.assign(next, { reactions: line.reactions, reacted: line.reacted, reply: line.reply });
  causes.set(next, item.id);
  conversation.lines[at] = next;
  if (conversation.marker === line) conversation.marker = next;
  conversation.changed();
  return true;
}

/** @param {Session} session @param {import("../model/line.js").Line} line @param {any} item @returns {boolean} true */
function react(session, line, { id, t, d }) {
  // The history may have included it already.
  if (id <= (line.reacted ?? -1)) return true;
  line.reacted = id;
  if (t === "reactions") line.reactions = d.reactions;
  else merge(line, d.changes, session.user);
  redraw(session, line);
  return true;
}

/**
 * A message was pinned, or is no longer.
 * @param {Session} session @param {import("../model/conversation.js").Conversation} conversation @param {any} item @returns {boolean} true
 */
function pin(session, conversation, item) {
  const { message, nick, on, unpinned } = item.d;
  pins.changed(session, conversation, message, on, unpinned);
  conversation.add([systemLine(session.chat.era, item, say.pinned(nick, on))]);
  return true;
}

/** Changes a message among the results of a search. @param {any} item */
function changeResults({ t, d }) {
  for (const entry of document.querySelectorAll(`dialog [data-message="${d.message}"]`)) {
    entry.querySelector(".text")?.replaceChildren(t === "message_edited" ? make("span", "", calm(d.msg)) : say.messageDeleted);
  }
}
