// Enters the chat: reads the cursor first, then everything else. What happens in between arrives again with the
// first poll; the lists know by its id that they already include it.

import * as api from "../transport/api.js";
import { takeAnswers } from "../transport/begun.js";

const PAGE = 50;
// How far to go back after a long absence to close the gap to the lines on the page.
const PAGES = 10;

/** @typedef {{items: any[], joined: boolean, whole: boolean, refused?: boolean}} Past  joined: no gap to the newest line shown */

/**
 * @param {AbortSignal} signal
 * @param {(room: string, epoch: string) => number} shown the newest id shown of a room, or -1
 * @param {(epoch: string, me: any) => number} seen the id up to which a session has all private messages, or -1
 */
export async function enter(signal, shown, seen) {
  const early = await takeAnswers();
  if (signal.aborted) throw new api.Lost("aborted");
  const begin = early?.start ?? await api.start(signal);
  const cursor = { next: begin.response, epoch: begin.epoch };
  const me = early?.me.response ?? await api.me(signal, { seen: cursor.next });
  const had = seen(cursor.epoch, me);
  /** @type {[{name: string, topic?: string}[], any[], Past]} */
  const [known, rooms, whispers] = await Promise.all([
    api.optional(api.rooms(signal, cursor.next), []),
    Promise.all(me.rooms.map(async (/** @type {string} */ name) => {
      // Refused if the room was left since "me".
      const [answer, items] = await Promise.all([
        api.optional(api.online(name, signal, cursor.next), null),
        past(name, cursor.next, shown(name, cursor.epoch), signal),
      ]);
      return { name, answer, past: items };
    })),
    pastPrivate(cursor.next, had, signal),
  ]);
  const entered = rooms.filter(({ answer }) => answer !== null);
  // Not looked up in the object: a room may be called "constructor".
  const titles = new Map(Object.entries(me.titles ?? {}));
  const pins = new Map(Object.entries(me.pins ?? {}));
  const lists = entered.map(({ name, answer }) => ({
    name, title: titles.get(name), topic: known.find((room) => room.name === name)?.topic,
    users: answer.response, away: answer.away ?? [], asOf: answer.id ?? cursor.next - 1,
    pins: pins.get(name) ?? 0,
  }));
  /** @type {[string, Past][]} */
  const pasts = entered.map(({ name, past }) => [name, past]);
  return { cursor, me, lists, pasts, whispers, seen: had };
}

/**
 * All private messages of this session since an id.
 * @param {number} before @param {number} seen -1: nothing is missing @param {AbortSignal} signal @returns {Promise<Past>}
 */
async function pastPrivate(before, seen, signal) {
  /** @type {any[]} */
  let items = [];
  let joined = seen < 0;
  let whole = false;
  for (let page = 0; page < PAGES && !joined && !whole; page++) {
    const older = await api.optional(api.historyWith({ name: "*" }, `before=${items[0]?.id ?? before}`, PAGE, signal), null);
    if (!older) return { items: items.filter(({ id }) => id > seen), joined: false, whole: false, refused: true };
    items = [...older.items, ...items];
    whole = !older.more;
    joined = whole || items[0].id <= seen;
  }
  return { items: items.filter(({ id }) => id > seen), joined, whole };
}

/** @param {string} room @param {number} before @param {number} shown @param {AbortSignal} [signal] @returns {Promise<Past>} */
export async function past(room, before, shown, signal) {
  /** @type {any[]} */
  let items = [];
  for (let page = 0; page < PAGES; page++) {
    const older = await api.optional(
      api.history(room, `before=${items[0]?.id ?? before}`, PAGE, signal), { items: [], more: false, newer: false });
    items = [...older.items, ...items];
    const whole = !older.more;
    const joined = whole || items[0].id <= shown;
    if (joined || shown < 0) return { items, joined, whole };
  }
  return { items, joined: false, whole: false };
}
