// A command that leads elsewhere (/pm, /join) is under way: what is sent meanwhile is meant for where it leads, and waits for that.

/** @typedef {import("../model/conversation.js").Conversation} Conversation */
/** @typedef {import("../transport/outbox.js").Letter} Letter */

// Between the answer to the command and what it led to, which comes by the poll.
const PATIENCE = 3000;
const LOOK = 250;

export class Lead {
  /** @type {{text: string, from: string, where: Conversation, asked: number}[]} */
  waiting = [];
  /** @type {Letter | null} */
  #letter = null;
  #answered = 0;
  #host;

  /** @param {{send: (text: string, to: Conversation) => void, leads: (text: string) => boolean, isOut: (letter: Letter) => boolean, giveBack: (text: string) => void,
   *   changed: () => void}} host  leads: whether a text is such a command; isOut: whether the command's letter is still on its way */
  constructor(host) {
    this.#host = host;
  }

  /** The command is under way. @param {Letter} letter */
  begin(letter) {
    this.#letter = letter;
    this.#answered = 0;
    this.#look(letter);
  }

  /** @param {string} text @param {Conversation} from @returns {boolean} whether it waits now */
  hold(text, from) {
    if (!this.#letter) return false;
    this.waiting.push({ text, from: from.key, where: from, asked: Date.now() });
    this.#host.changed();
    return true;
  }

  /** It led there. @param {Conversation} to */
  led(to) {
    this.#letter = null;
    const texts = this.waiting.splice(0);
    // One of them may be such a command again; the rest then waits for that.
    for (const { text } of texts) this.#host.send(text, to);
  }

  /** @param {Letter} letter */
  #look(letter) {
    if (this.#letter !== letter) return;
    if (!this.#host.isOut(letter)) this.#answered ||= Date.now();
    if (letter.state !== "failed" && !(this.#answered && Date.now() - this.#answered > PATIENCE)) {
      setTimeout(() => this.#look(letter), LOOK);
      return;
    }
    this.#letter = null;
    const held = this.waiting.splice(0);

    // Another such command does not depend on this one; what was sent before it does, and what was sent after it goes where that leads.
    const next = held.findIndex(({ text }) => this.#host.leads(text));
    const lost = next < 0 ? held : held.slice(0, next);
    if (lost.length > 0) this.#host.giveBack(lost.map(({ text }) => text).join("\n"));
    for (const { text, where } of held.slice(lost.length)) this.#host.send(text, where);
  }
}
