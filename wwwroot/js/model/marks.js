// What outlives the page: how far each conversation was read, and with whom one talks in private. For one session only.

import { shared } from "../storage/store.js";

const KEY = "erlchat.marks";

// So many private conversations are kept, the newest; anybody can write to one under any number of nicks.
const MOST = 100;

/** @typedef {{user: string, epoch: string, seen?: number, read: Record<string, number>, people: (string | {name: string, key: string, id?: string, gone?: boolean})[], open: string}} Kept
 *   seen: the id up to which all private messages came; people: nicks only, as pages before this one kept them */

/** @param {string} user @param {string} epoch @returns {Kept} of this session and log; else nothing is known */
export function recall(user, epoch) {
  const kept = shared.read(KEY, /** @type {Kept | null} */ (null));
  return kept?.user === user && kept.epoch === epoch ? kept : { user, epoch, read: {}, people: [], open: "" };
}

/** @param {string} user @param {string} epoch @param {number} seen @param {import("./chat.js").Chat} chat */
export function keep(user, epoch, seen, chat) {
  const people = chat.conversations.filter(({ kind }) => kind === "person");
  // First to go are those that nobody can answer and that are read, then the oldest.
  const newest = (/** @type {import("./conversation.js").Conversation} */ one) => (one === chat.selected ? Infinity : Math.max(one.newest(chat.era), one.readTo));
  const over = (/** @type {import("./conversation.js").Conversation} */ one) => Number(one.gone && one.unread === 0 && one !== chat.selected);
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
