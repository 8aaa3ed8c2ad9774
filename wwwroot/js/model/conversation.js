// A conversation: a room or a person. Its lines are ordered by id, without duplicates, however they arrive.

import { hides, preferences, wishFor } from "../storage/settings.js";
import { inOrder } from "./line.js";

/** @typedef {import("./line.js").Line} Line */

// In large rooms people come and go all the time. One line covers this many joins and leaves.
const TOGETHER = 50;

export class Conversation {
  /** @type {Line[]} */
  lines = [];
  /** Whether there is nothing older than the first line. */
  whole = false;
  /** The id up to which it was read, in the current era. */
  readTo = -1;
  unread = 0;
  mentions = 0;
  /** The last line above "New messages". @type {Line | null} */
  marker = null;
  /** Whether lines are being loaded up to where the unread begin. */
  seeking = false;
  /** Grows with every change of the lines. */
  version = 0;
  topic = "";
  /** What people call it. A renamed room keeps its name as its address. */
  label;
  /** The person's id, once known. The nick may be another person's by then. @type {string | undefined} */
  id;
  /** Whether the person has left, so that the nick may be another person's. */
  gone = false;
  /** A part far back that is shown instead of the newest lines. @type {Conversation | null} */
  past = null;
  /** Of such a part: whether there are newer lines, which are not loaded, and the line at which it opens. */
  newer = false;
  /** @type {Line | null} */
  target = null;
  /** What the next message here answers. @type {import("./line.js").Reply | null} */
  reply = null;

  /** @param {"room" | "person"} kind @param {string} name @param {string} [key] */
  constructor(kind, name, key = keyOf(kind, name)) {
    this.kind = kind;
    this.name = this.label = name;
    this.key = key;
  }

  /** @returns {string} as shown */
  get title() {
    return this.kind === "room" ? `#${this.label}` : this.label;
  }

  /** The newest id if it is of this era, else -1. @param {number} era */
  newest(era) {
    const last = this.lines.at(-1);
    return last?.era === era ? last.id : -1;
  }

  /** The index of a line, or where it would be. @param {Line} line */
  indexOf(line) {
    let low = 0;
    let high = this.lines.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (inOrder(this.lines[middle], line) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** @param {Line[]} lines @returns {Line[]} those that are new here */
  add(lines) {
    const fresh = lines.filter((line) => {
      const at = this.indexOf(line);
      const there = this.lines[at];
      if (there && inOrder(there, line) === 0) return false;
      if (at < this.lines.length || !this.#join(line)) this.lines.splice(at, 0, line);
      return true;
    });
    if (fresh.length > 0) this.changed();
    return fresh;
  }

  /** Joins a new line to the last one if both are joins and leaves. @param {Line} line */
  #join(line) {
    const last = this.lines.at(-1);
    if (!line.presence || !last?.presence || last.presence.length >= TOGETHER) return false;
    if (last.era !== line.era || last.at?.slice(0, 13) !== line.at?.slice(0, 13)) return false;
    const both = { ...line, presence: last.presence.concat(line.presence), unfolded: last.unfolded };
    this.lines[this.lines.length - 1] = both;
    if (this.marker === last) this.marker = both;
    return true;
  }

  /** Adds a page of older lines. One by one, each would move all others. @param {Line[]} older in order */
  prepend(older) {
    const first = this.lines[0];
    const before = first ? older.filter((line) => inOrder(line, first) < 0) : older;
    this.lines = before.concat(this.lines);
    this.add(older.slice(before.length));
    this.changed();
  }

  clear() {
    this.lines = [];
    this.whole = false;
    this.marker = null;
    this.changed();
  }

  /** @param {number} id @returns {boolean} whether anything changed */
  read(id) {
    if (id <= this.readTo) return false;
    this.readTo = id;
    this.#count();
    return true;
  }

  /** The room's name; empty for a private conversation. */
  get room() {
    return this.kind === "room" ? this.name : "";
  }

  /** Whether it is with somebody whom the user ignores. */
  get ignored() {
    return this.kind === "person" && preferences.ignored.some(({ user_id }) => user_id === this.id);
  }

  /** The lines have changed, or how they are shown. */
  changed() {
    this.version++;
    this.#count();
    this.past?.changed();
  }

  /** Counts from the end, since few lines are unread. */
  #count() {
    this.unread = 0;
    this.mentions = 0;
    const era = this.lines.at(-1)?.era;
    const { muted } = wishFor(this.room);
    for (let i = this.lines.length - 1; i >= 0; i--) {
      const line = this.lines[i];
      if (line.era !== era || line.id <= this.readTo) break;
      if (line.kind === "system" || line.own || (muted && !line.mention) || hides(line)) continue;
      this.unread++;
      if (line.mention) this.mentions++;
    }
    // Every private message counts as a mention.
    if (this.kind === "person") this.mentions = this.unread;
  }
}

/** @param {"room" | "person"} kind @param {string} name nicks and room names are unique ignoring case */
export const keyOf = (kind, name) => (kind === "room" ? "#" : "@") + name.toLowerCase();
