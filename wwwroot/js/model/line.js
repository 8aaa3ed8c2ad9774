// An item of the wire as a line of the view: plain text only, never HTML.

import { calm } from "../text/limits.js";
import { mentions } from "../text/markup.js";
import { words } from "../text/words.js";

/**
 * @typedef {{id: number, era: number, at?: string, kind: "said" | "action" | "system", nick?: string, text: string, own: boolean,
 *   mention: boolean, presence?: number, cut?: boolean}} Line
 *   cut: not all of it can be shown;
 *   presence: so many comings and goings the line tells of;
 *   era counts the logs this page has seen: ids of one say nothing about another's
 */

/** @param {number} era @param {any} item @param {string} text @returns {Line} */
export const systemLine = (era, { id, at }, text) => ({ id, era, at, kind: "system", text: calm(text), own: false, mention: false });

/** Somebody came or went. @param {number} era @param {any} item @param {string} text @returns {Line} */
export const presenceLine = (era, item, text) => ({ ...systemLine(era, item, text), presence: 1 });

/** What somebody said. @param {number} era @param {any} item @param {{nick: string, text: string, own: boolean, action?: boolean}} said @param {string} me @returns {Line} */
export function saidLine(era, { id, at }, { nick, text: all, own, action }, me) {
  const text = calm(all);
  return { id, era, at, kind: action ? "action" : "said", nick, text, own, mention: !own && mentions(text, me), cut: text !== all };
}

/** @param {string} nick @param {string} [reason] */
export function leftText(nick, reason) {
  if (!reason || reason === "normal") return words.left(nick, "");
  return words.left(nick, reason === "timeout" ? words.timedOut : reason);
}

/** Older first. @param {Line} a @param {Line} b */
export const inOrder = (a, b) => a.era - b.era || a.id - b.id;
