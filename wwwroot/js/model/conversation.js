// One conversation: a room, or one person. Its lines are in the order of their ids, each once, however they arrive.

import { inOrder } from "./line.js";

/** @typedef {import("./line.js").Line} Line */

// In a large room people come and go all the time: so many are told of in one line.
const TOGETHER = 12;

export class Conversation {
  /** @type {Line[]} */
  lines = [];
  /** Whether the first line is the first there is. */
  whole = false;
  /** The id up to which it was read, of the present era. */
  readTo = -1;
  unread = 0;
  mentions = 0;
  /** The last line read before the ones under "New messages". @type {Line | null} */
  marker = null;
  /** Rises with every change of the lines. */
  version = 0;
  topic = "";
  /** Who it is with, once that is known: the nick may be somebody else's by then. @type {string | undefined} */
  id;
  /** Whether the person has left: whoever has the nick now is somebody else. */
  gone = false;

  /** @param {"room" | "person"} kind @param {string} name @param {string} [key] */
  constructor(kind, name, key = keyOf(kind, name)) {
    this.kind = kind;
    this.name = name;
    this.key = key;
  }

  /** @returns {string} as people see it */
  get title() {
    return this.kind === "room" ? `#${this.name}` : this.name;
  }

  /** The newest id of an era, or -1. @param {number} era */
  newest(era) {
    const last = this.lines.at(-1);
    return last?.era === era ? last.id : -1;
  }

  /** Where a line is, or would be. @param {Line} line */
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
    if (fresh.length > 0) this.#changed();
    return fresh;
  }

  /** Makes one line of the last and a new one, when both tell of comings and goings. @param {Line} line */
  #join(line) {
    const last = this.lines.at(-1);
    if (!line.presence || !last?.presence || last.presence >= TOGETHER || last.era !== line.era || last.at?.slice(0, 13) !== line.at?.slice(0, 13)) return false;
    const both = { ...line, text: `${last.text} ${line.text}`, presence: last.presence + 1 };
    this.lines[this.lines.length - 1] = both;
    if (this.marker === last) this.marker = both;
    return true;
  }

  /** A page of the past. Prepending one by one would move all the others each time. @param {Line[]} older in order */
  prepend(older) {
    const first = this.lines[0];
    const before = first ? older.filter((line) => inOrder(line, first) < 0) : older;
    this.lines = before.concat(this.lines);
    this.add(older.slice(before.length));
    this.#changed();
  }

  clear() {
    this.lines = [];
    this.whole = false;
    this.marker = null;
    this.#changed();
  }

  /** @param {number} id @returns {boolean} whether that changed anything */
  read(id) {
    if (id <= this.readTo) return false;
    this.readTo = id;
    this.#count();
    return true;
  }

  #changed() {
    this.version++;
    this.#count();
  }

  /** From the end: what is unread is rarely much. */
  #count() {
    this.unread = 0;
    this.mentions = 0;
    const era = this.lines.at(-1)?.era;
    for (let i = this.lines.length - 1; i >= 0; i--) {
      const line = this.lines[i];
      if (line.era !== era || line.id <= this.readTo) break;
      if (line.kind === "system" || line.own) continue;
      this.unread++;
      if (line.mention) this.mentions++;
    }
    // Everything that is written to one alone is meant for one.
    if (this.kind === "person") this.mentions = this.unread;
  }
}

/** @param {"room" | "person"} kind @param {string} name nicks and room names are unique ignoring case */
export const keyOf = (kind, name) => (kind === "room" ? "#" : "@") + name.toLowerCase();
