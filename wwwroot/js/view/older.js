// What stands above the first line: that there is nothing older, or how the loading of it goes.

import { words } from "../text/words.js";
import { find, press } from "./dom.js";

/** @typedef {import("../model/conversation.js").Conversation} Conversation */

const note = find("#older");

export class Older {
  #fetch;
  #came;
  /** @type {Conversation | undefined} */
  #shown;
  #state = "";

  /** @param {(conversation: Conversation) => Promise<boolean>} fetch whether anything came @param {() => void} came something did */
  constructor(fetch, came) {
    this.#fetch = fetch;
    this.#came = came;
  }

  /** @param {Conversation} conversation the one that is open */
  draw(conversation) {
    if (conversation !== this.#shown) this.#state = "";
    this.#shown = conversation;
    const { key, kind, name, whole, lines } = conversation;
    const drawn = `${key} ${whole} ${this.#state} ${lines.length === 0}`;
    if (note.dataset.drawn === drawn) return;
    note.dataset.drawn = drawn;
    if (this.#state === "failed") {
      note.replaceChildren(words.olderFailed, " ", press(words.tryAgain, () => {
        this.#state = "";
        void this.load(conversation);
      }));
    } else if (whole) {
      note.replaceChildren(kind === "room" ? words.beginning(name) : words.beginningWith(name), lines.length === 0 ? ` ${words.nobodyYet}` : "");
    } else note.replaceChildren(this.#state ? words.loadingOlder : "");
  }

  /** @param {Conversation} conversation */
  async load(conversation) {
    if (conversation.whole || this.#state) return;
    this.#state = "loading";
    this.draw(conversation);
    let state = "";
    let came = false;
    try {
      came = await this.#fetch(conversation);
    } catch {
      state = "failed";
    }
    if (this.#shown !== conversation) return;
    this.#state = state;
    this.draw(conversation);
    // Only then: whoever is told looks whether more is wanted, and would ask for ever.
    if (came) this.#came();
  }
}
