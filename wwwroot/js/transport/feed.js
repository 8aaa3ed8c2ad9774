// Where this tab is in the stream of items, and what it makes of what other tabs say. Every tab has a cursor of its
// own: whoever leads and whatever is said twice, each item is taken once, in order.

/**
 * @typedef {{next: number, epoch?: string}} Cursor
 * @typedef {import("./tabs.js").Word} Word
 * @typedef {import("./connection.js").Report} Report
 */

const MOST_EARLY = 200;

export class Feed {
  /** @type {Cursor | null} */
  cursor = null;
  user = "";
  /** Other tabs have said things of which this one misses the beginning. */
  behind = false;
  #host;
  /** Said by other tabs while this one entered. @type {Word[]} */
  #early = [];

  /** @param {{deliver: (items: any[]) => void, again: () => void, missed: () => void, told: (report: Report) => void,
   *   asked: () => void, hurry: () => void, left: () => void, other: (word: Word) => void}} host */
  constructor(host) {
    this.#host = host;
  }

  /** Entering begins: from now on what is said is kept. */
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

  /** @param {{id: number}[]} items all there are from some id at or below the cursor up to next @param {number} next @returns {boolean} whether any was new */
  take(items, next) {
    const cursor = /** @type {Cursor} */ (this.cursor);
    const fresh = items.filter(({ id }) => id >= cursor.next);
    cursor.next = Math.max(cursor.next, next);
    if (fresh.length > 0) this.#host.deliver(fresh);
    return fresh.length > 0;
  }

  /** @param {Word} word */
  hear(word) {
    // Even to a tab that has found the session gone already: now it knows why.
    if (word.type === "left") {
      if (word.user === this.user) this.#host.left();
      return;
    }
    if (!this.cursor) {
      // What is missing in the end is noticed, as any gap is.
      if (this.#early.length < MOST_EARLY) this.#early.push(word);
      return;
    }
    if (word.user !== this.user) {
      // Somebody logged in anew in this browser: this tab is of that session now.
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
