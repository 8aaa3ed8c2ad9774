// A list in pages: shows the first one, and more as the user asks for them.

import * as api from "../../transport/api.js";
import { find, press } from "../../view/dom.js";
import { redraw } from "./tables.js";
import { say } from "./texts.js";

/** @template T */
export class List {
  #pages = 1;
  #place;
  #table;
  #path;
  #none;
  #query;
  #more;

  /**
   * @param {string} place @param {import("./tables.js").Table<T>} table @param {string} path
   * @param {{none?: string, query?: () => string, more: () => unknown}} options
   *   none: the text for an empty list; query: for the request; more: called when the user asks for more
   */
  constructor(place, table, path, { none, query = () => "", more }) {
    this.#place = find(place);
    this.#table = table;
    this.#path = path;
    this.#none = none;
    this.#query = query;
    this.#more = press(say.more, () => {
      this.#pages++;
      more();
    });
    this.#more.hidden = true;
    this.#place.after(this.#more);
  }

  /** Shows only the first page, since the query has changed. */
  restart() {
    this.#pages = 1;
  }

  /** @param {AbortSignal} signal */
  async look(signal) {
    /** @type {T[]} */
    const all = [];
    let more = true;
    for (let page = 0; page < this.#pages && more; page++) {
      const after = page === 0 ? "" : this.#table.after(all[all.length - 1]);
      const answer = await api.call(`${this.#path}?${this.#query()}after=${encodeURIComponent(after)}`, { signal });
      all.push(...answer.response);
      more = answer.more === true && answer.response.length > 0;
    }
    redraw(this.#place, this.#table, all, this.#none);
    this.#more.hidden = !more;
  }
}
