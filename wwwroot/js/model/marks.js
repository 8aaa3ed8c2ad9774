// What is kept across reloads: how far each conversation was read, and the private ones. For one session only.

import { shared } from "../storage/store.js";

const KEY = "erlchat.marks";

// How many private conversations are kept, newest first. One user can open any number of them with different nicks.
const MOST = 100;

/** @typedef {{user: string, epoch: string, seen?: number, read: Record<string, number>,
 *   people: (string | {name: string, key: string, id?: string, gone?: boolean})[], open: string}} Kept
 *   seen: the id up to which no private message is missing; people: older versions of the page kept only nicks */

/** @param {string} user @param {string} epoch @returns {Kept} empty if it is of another session or log */
export function recall(user, epoch) {
  const kept = shared.read(KEY, /** @type {Kept | null} */ (null));
  return kept?.user === user && kept.epoch === epoch ? kept : { user, epoch, read: {}, people: [], open: "" };
}

/** @param {string} user @param {string} epoch @param {number} seen @param {import("./chat.js").Chat} chat */
export function keep(user, epoch, seen, chat) {
  const people = chat.conversations.filter(({ kind }) => kind === "person");
  // Conversations that are read and whose person has left are dropped first, then the oldest.
  const newest = (/** @type {import("./conversation.js").Conversation} */ one) =>
    (one === chat.selected ? Infinity : Math.max(one.newest(chat.era), one.readTo));
  const over = (/** @type {import("./conversation.js").Conversation} */ one) =>
    Number(one.gone && one.unread === 0 && one !== chat.selected);
  const left = new Set(people.toSorted((a, b) => over(a) - over(b) || newest(b) - newest(a)).slice(MOST));
  /** @type {Kept} */
  const kept = { user, epoch, seen, read: {}, people: [], open: chat.selected.key };
  for (const conversation of chat.conversations) {
    if (left.has(conversation)) continue;
    const { kind, name, key, id, gone, readTo } = conversation;
    kept.read[key] = readTo;
    if (kind === "person") kept.people.push({ name, key, id, gone: gone || undefined });
  }
  shared.write(KEY, kept);
}
