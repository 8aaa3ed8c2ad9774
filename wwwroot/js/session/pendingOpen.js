// Commands that open a conversation (/pm, /join) and are under way: what is written meanwhile where one was typed is meant for what it opens, and waits for that.

/** @typedef {import("../model/conversation.js").Conversation} Conversation */
/** @typedef {import("../transport/outbox.js").Letter} Letter */
/** @typedef {{text: string, from: Conversation, asked: number}} Held */

// Between the answer to the command and what it opened, which comes by the poll: seconds on a slow line.
const PATIENCE = 6000;
const LOOK = 250;

export class PendingOpen {
  /** By the conversation the command was typed in. @type {Map<string, {letter: Letter, answered: number, held: Held[]}>} */
  #pending = new Map();
  #host;

  /** @param {{send: (text: string, to: Conversation) => Conversation, opens: (text: string) => boolean, isOut: (letter: Letter) => boolean,
   *   giveBack: (text: string, from: Conversation) => void, changed: () => void}} host
   *   send: answers where what comes next belongs; opens: whether a text is such a command; isOut: whether the command's letter is still on its way */
  constructor(host) {
    this.#host = host;
  }

  /** What waits. @returns {Held[]} */
  get waiting() {
    return [...this.#pending.values()].flatMap(({ held }) => held);
  }

  /** The command is under way. @param {Letter} letter */
  begin(letter) {
    this.#pending.set(letter.conversation, { letter, answered: 0, held: [] });
    this.#look(letter);
  }

  /** @param {string} text @param {Conversation} from where it was written @returns {boolean} whether it waits now */
  hold(text, from) {
    const pending = this.#pending.get(from.key);
    if (!pending) return false;
    pending.held.push({ text, from, asked: Date.now() });
    this.#host.changed();
    return true;
  }

  /** A command has opened a conversation. @param {string} from the key of where the command was typed @param {Conversation} to */
  opened(from, to) {
    const held = this.#pending.get(from)?.held ?? [];
    this.#pending.delete(from);
    // One of them may be such a command again; the rest then waits for that.
    for (const { text } of held) {
      if (!this.hold(text, to)) to = this.#host.send(text, to);
    }
  }

  /** @param {Letter} letter */
  #look(letter) {
    const pending = this.#pending.get(letter.conversation);
    if (pending?.letter !== letter) return;
    if (!this.#host.isOut(letter)) pending.answered ||= Date.now();
    if (letter.state !== "failed" && !(pending.answered && Date.now() - pending.answered > PATIENCE)) {
      setTimeout(() => this.#look(letter), LOOK);
      return;
    }
    this.#pending.delete(letter.conversation);
    const { held } = pending;

    // Another such command does not depend on this one; what was sent before it does, and what was sent after it goes where that leads.
    const next = held.findIndex(({ text }) => this.#host.opens(text));
    const lost = next < 0 ? held : held.slice(0, next);
    if (lost.length > 0) this.#host.giveBack(lost.map(({ text }) => text).join("\n"), lost[0].from);
    let to = held[0]?.from;
    for (const { text } of held.slice(lost.length)) {
      if (!this.hold(text, to)) to = this.#host.send(text, to);
    }
  }
}
