// This tab's position in the stream of items, and its handling of words from other tabs. Every tab has its own cursor,
// so it handles each item once and in order, even if the leader changes or repeats items.

/**
 * @typedef {{next: number, epoch?: string, typing?: number}} Cursor  typing: the last signal that somebody types
 * @typedef {import("./tabs.js").Word} Word
 * @typedef {import("./connection.js").Report} Report
 */

const MOST_EARLY = 200;

export class Feed {
  /** @type {Cursor | null} */
  cursor = null;
  user = "";
  /** Whether this tab missed items that other tabs passed on. */
  behind = false;
  #host;
  /** Words that arrived while this tab was entering. @type {Word[]} */
  #early = [];

  /** @param {{deliver: (items: any[]) => void, again: () => void, missed: () => void, told: (report: Report) => void,
   *   asked: () => void, hurry: () => void, left: () => void, other: (word: Word) => void}} host */
  constructor(host) {
    this.#host = host;
  }

  /** Entering begins: keep words from now on. */
  open() {
    this.#early = [];
    this.cursor = null;
  }

  /** @param {Cursor} cursor @param {string} user */
  begin(cursor, user) {
    this.cursor = cursor;
    this.user = user;
    this.behind = false;
    for (const word of this.#early.splice(0)) this.hear(word);
  }

  /**
   * @param {{id: number}[]} items all from the cursor, or before, up to next
   * @param {number} next @returns {boolean} whether any was new
   */
  take(items, next) {
    const cursor = /** @type {Cursor} */ (this.cursor);
    const fresh = items.filter(({ id }) => id >= cursor.next);
    cursor.next = Math.max(cursor.next, next);
    if (fresh.length > 0) this.#host.deliver(fresh);
    return fresh.length > 0;
  }

  /** @param {Word} word */
  hear(word) {
    // Also handled by a tab that has already lost the session: now it knows why.
    if (word.type === "left") {
      if (word.user === this.user) this.#host.left();
      return;
    }
    if (!this.cursor) {
      // If words are dropped here, the gap is noticed later.
      if (this.#early.length < MOST_EARLY) this.#early.push(word);
      return;
    }
    if (word.user !== this.user) {
      // After a new login in this browser, this tab is in that session.
      if (word.type === "session") this.#host.again();
      return;
    }
    switch (word.type) {
      case "items":
        if (word.epoch !== this.cursor.epoch) this.#host.again();
        else if (word.from <= this.cursor.next) this.take(word.items, word.next);
        else {
          this.behind = true;
          this.#host.missed();
        }
        break;
      case "again": return this.#host.again();
      case "state": return this.#host.told(word.report);
      case "ping": return this.#host.asked();
      case "hurry": return this.#host.hurry();
      default: this.#host.other(word);
    }
  }
}
