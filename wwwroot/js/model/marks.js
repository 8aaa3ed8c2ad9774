// What outlives the page: how far each conversation was read, and with whom one talks in private. For one session only.

import { shared } from "./store.js";

const KEY = "erlchat.marks";

/** @typedef {{user: string, epoch: string, read: Record<string, number>, people: (string | {name: string, key: string, id?: string})[], open: string}} Kept
 *   people: nicks only, as pages before this one kept them */

/** @param {string} user @param {string} epoch @returns {Kept} of this session and log; else nothing is known */
export function recall(user, epoch) {
  const kept = shared.read(KEY, /** @type {Kept | null} */ (null));
  return kept?.user === user && kept.epoch === epoch ? kept : { user, epoch, read: {}, people: [], open: "" };
}

/** @param {string} user @param {string} epoch @param {import("./chat.js").Chat} chat */
export function keep(user, epoch, chat) {
  /** @type {Kept} */
  const kept = { user, epoch, read: {}, people: [], open: chat.selected.key };
  for (const conversation of chat.conversations) {
    kept.read[conversation.key] = conversation.readTo;
    if (conversation.kind === "person") kept.people.push({ name: conversation.name, key: conversation.key, id: conversation.id });
  }
  shared.write(KEY, kept);
}
