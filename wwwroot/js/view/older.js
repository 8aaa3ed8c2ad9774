// The note above the first line: that there is nothing older, or that older messages are being loaded.

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

  /** @param {(conversation: Conversation) => Promise<boolean>} fetch whether there was anything @param {() => void} came there was */
  constructor(fetch, came) {
    this.#fetch = fetch;
    this.#came = came;
  }

  /** @param {Conversation} conversation the open one */
  draw(conversation) {
    if (conversation !== this.#shown) this.#state = "";
    this.#shown = conversation;
    const { key, kind, label, whole } = conversation;
    const drawn = `${key} ${label} ${whole} ${this.#state}`;
    if (note.dataset.drawn === drawn) return;
    note.dataset.drawn = drawn;
    if (this.#state === "failed") {
      note.replaceChildren(words.olderFailed, " ", press(words.tryAgain, () => {
        this.#state = "";
        void this.load(conversation);
      }));
    } else if (whole) {
      note.replaceChildren(kind === "room" ? words.beginning(label) : words.beginningWith(label));
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
    // Only if something came: the callback may load more, and would otherwise repeat forever.
    if (came) this.#came();
  }
}
