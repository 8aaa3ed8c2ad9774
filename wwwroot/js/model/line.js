// Turns the server's items into lines of the view: plain text, never HTML.

import { hides, wishFor } from "../storage/settings.js";
import { calm } from "../text/limits.js";
import { mentions } from "../text/plain.js";
import { words } from "../text/words.js";

/**
 * @typedef {{id: number, era: number, at?: string, kind: "said" | "action" | "system", nick?: string, text: string, own: boolean,
 *   mention: boolean, presence?: Presence[], unfolded?: boolean, cut?: boolean, rich?: boolean, edited?: string, reply?: Reply,
 *   reactions?: Reaction[], reacted?: number}} Line
 *   cut: not all of it can be shown; unfolded: the user wants to see all of it; rich: whether its text has markup, once that is known;
 *   edited: when it was edited last; reply: the message that it answers; reacted: the id of the last change of its reactions;
 *   presence: the joins and leaves that the line covers;
 *   era: counts the logs this page has seen, since ids of different logs cannot be compared
 */

/** @typedef {{id: number, nick: string, text?: string | null}} Reply  text: the beginning of it; null if deleted; undefined if unknown */
/** @typedef {{emoji: string, count: number, mine: boolean, nicks: string[]}} Reaction */

/** @param {number} era @param {any} item @param {string} text @returns {Line} */
export const systemLine = (era, { id, at }, text) => ({ id, era, at, kind: "system", text: calm(text), own: false, mention: false });

/** @typedef {{id: number, at?: string, nick: string, came: boolean, text: string}} Presence */

/** A join or a leave. @param {number} era @param {any} item @param {string} nick @param {string} text @returns {Line} */
export function presenceLine(era, item, nick, text) {
  const line = systemLine(era, item, text);
  return { ...line, presence: [{ id: line.id, at: line.at, nick, came: item.t === "user_joined_room", text: line.text }] };
}

/** The joins and leaves of a line that are shown in a room. @param {Line} line @param {string} room */
export const shownPresence = ({ presence = [] }, room) => (wishFor(room).joins === "off" ? [] : presence.filter((one) => !hides(one)));

/** Whether a line is shown in a room. @param {Line} line @param {string} room empty for a private conversation */
export const isShown = (line, room) => (line.presence ? shownPresence(line, room).length > 0 : !hides(line));

/**
 * A message, or that it was deleted.
 * @param {number} era @param {any} item @param {{nick: string, text: string, own: boolean, action?: boolean}} said
 * @param {string} me @returns {Line}
 */
export function saidLine(era, item, { nick, text: all, own, action }, me) {
  const { id, at, edited, reactions, reacted } = item;
  if (item.deleted) return { ...systemLine(era, item, words.deleted(nick)), nick };
  const text = calm(all);
  return {
    id, era, at, edited, kind: action ? "action" : "said", nick, text, own, mention: !own && mentions(text, me), cut: text !== all,
    reactions, reacted, reply: replyOf(item),
  };
}

/** What a message answers. An item that has just arrived does not say how that begins, or that it was deleted. @param {any} item */
function replyOf({ reply_to: id, reply_nick: nick = "", reply_msg: text, live }) {
  return id && { id, nick, text: text === undefined ? (live ? undefined : null) : calm(text) };
}

/** @param {string} nick @param {string} [reason] */
export function leftText(nick, reason) {
  if (!reason || reason === "normal") return words.left(nick, "");
  return words.left(nick, reason === "timeout" ? words.timedOut : reason);
}

/** Older first. @param {Line} a @param {Line} b */
export const inOrder = (a, b) => a.era - b.era || a.id - b.id;
