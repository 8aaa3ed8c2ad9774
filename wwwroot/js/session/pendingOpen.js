// Commands in progress that open a conversation (/pm, /join). Text written after one is meant for what it opens, so it waits.

/** @typedef {import("../model/conversation.js").Conversation} Conversation */
/** @typedef {import("../transport/outbox.js").Letter} Letter */
/** @typedef {{text: string, from: Conversation, asked: number}} Held */

// The poll that brings the new conversation may take seconds after the answer to the command.
const PATIENCE = 6000;
const LOOK = 250;
// A text sent this soon after a refusal was probably written before the user saw it.
const NOTICE = 1500;

export class PendingOpen {
  /** By the conversation the command was typed in. @type {Map<string, {letter: Letter, answered: number, held: Held[]}>} */
  #pending = new Map();
  /** The last refusal of a command after which nothing had been written yet. */
  #refusal = { from: "", at: -Infinity };
  #host;

  /** @param {{send: (text: string, to: Conversation) => Conversation, opens: (text: string) => boolean, isOut: (letter: Letter) => boolean,
   *   giveBack: (text: string, from: Conversation) => void, changed: () => void}} host
   *   send: returns where the next text belongs; opens: whether a text is such a command; isOut: whether the command is still
   *   being sent */
  constructor(host) {
    this.#host = host;
  }

  /** What is waiting. @returns {Held[]} */
  get waiting() {
    return [...this.#pending.values()].flatMap(({ held }) => held);
  }

  /** A command is being sent. @param {Letter} letter */
  begin(letter) {
    this.#pending.set(letter.conversation, { letter, answered: 0, held: [] });
    this.#look(letter);
  }

  /** @param {string} text @param {Conversation} from where it was written @returns {boolean} whether it waits */
  hold(text, from) {
    const pending = this.#pending.get(from.key);
    if (!pending) return this.#isTooSoon(text, from);
    pending.held.push({ text, from, asked: Date.now() });
    this.#host.changed();
    return true;
  }

  /** A command has opened a conversation. @param {string} from the key of where the command was typed @param {Conversation} to */
  opened(from, to) {
    const held = this.#pending.get(from)?.held ?? [];
    this.#pending.delete(from);
    // If one of them is such a command too, the rest waits for it.
    for (const { text } of held) {
      if (!this.hold(text, to)) to = this.#host.send(text, to);
    }
  }

  /** The server has refused a command. @param {string} from the key of where the command was typed */
  refused(from) {
    const pending = this.#pending.get(from);
    if (!pending) return;
    if (pending.held.length === 0) this.#refusal = { from, at: Date.now() };
    this.#giveUp(from);
  }

  /** Gives back a text that was meant for what was just refused. @param {string} text @param {Conversation} from */
  #isTooSoon(text, from) {
    const { from: key, at } = this.#refusal;
    if (key !== from.key || Date.now() - at > NOTICE || this.#host.opens(text)) return false;
    this.#refusal = { from: "", at: -Infinity };
    // The message box is cleared after this.
    setTimeout(() => this.#host.giveBack(text, from));
    return true;
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
    this.#giveUp(letter.conversation);
  }

  /** @param {string} from */
  #giveUp(from) {
    const held = this.#pending.get(from)?.held ?? [];
    this.#pending.delete(from);

    // Text up to the next such command depended on this one. That command does not, and the text after it waits for it.
    const next = held.findIndex(({ text }) => this.#host.opens(text));
    const lost = next < 0 ? held : held.slice(0, next);
    if (lost.length > 0) this.#host.giveBack(lost.map(({ text }) => text).join("\n"), lost[0].from);
    let to = held[0]?.from;
    for (const { text } of held.slice(lost.length)) {
      if (!this.hold(text, to)) to = this.#host.send(text, to);
    }
  }
}
