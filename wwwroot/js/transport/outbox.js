// Sends messages to the server one at a time, in order, each with its own key. The key makes retries safe: for a
// known key, the server repeats its first answer and sends nothing twice.

import * as api from "./api.js";
import { Backoff, Pause } from "./pace.js";

/**
 * @typedef {{key: string, text: string, conversation: string, to?: string, toId?: string, room?: string, asked: number, began: number,
 *   state: "waiting" | "sent" | "failed", code?: string, arrived?: boolean, plain?: boolean,
 *   reply?: import("../model/line.js").Reply | null}} Letter  plain: no command, although it may begin with a slash
 *   sent: the server has it, but its line has not arrived yet. arrived: the line has arrived, but not the answer.
 */

// The server keeps keys for ten minutes. A later retry could send a message twice.
const KEY_LIFE = 9 * 60_000;
// How long to retry. After that the message may be out of date, so the user decides.
const TRY_LIFE = 60_000;

/** randomUUID only exists on https and localhost, and a chat in a home network often has neither. */
export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
}

/** What the user typed, for the message box. @param {Letter} letter */
export const typed = ({ text, plain }) => (plain ? `/${text}` : text);

export class Outbox {
  /** @type {Letter[]} */
  letters = [];
  #changed;
  #failed;
  #backoff = new Backoff();
  #pause = new Pause();
  #busy = false;
  #closed = false;

  /** @param {() => void} changed @param {(letter: Letter) => void} failed */
  constructor(changed, failed) {
    this.#changed = changed;
    this.#failed = failed;
  }

  /**
   * @param {string} typed with two slashes if it begins with one and is no command
   * @param {import("../model/conversation.js").Conversation} conversation
   * @param {import("../model/line.js").Reply | null} [reply] what it answers
   */
  add(typed, { key, kind, name, id }, reply) {
    const now = Date.now();
    const plain = /^\/\/[a-z\d]/i.test(typed);
    const text = plain ? typed.slice(1) : typed;
    /** @type {Letter} */
    const letter = {
      key: newKey(), text, conversation: key, [kind === "room" ? "room" : "to"]: name, toId: id, asked: now, began: now, state: "waiting",
      reply, plain,
    };
    this.letters.push(letter);
    this.#changed();
    void this.#pump();
    return letter;
  }

  /** @param {Letter} letter */
  discard(letter) {
    this.letters = this.letters.filter((other) => other !== letter);
    this.#changed();
  }

  /** @param {Letter} letter one that failed */
  retry(letter) {
    const now = Date.now();
    // Use the old key while the server knows it, because the message may have arrived.
    if (letter.code !== "unsure" || now - letter.began > KEY_LIFE) Object.assign(letter, { key: newKey(), began: now });
    Object.assign(letter, { asked: now, state: "waiting", code: undefined });
    this.letters = [...this.letters.filter((other) => other !== letter), letter];
    this.#closed = false;
    this.#changed();
    void this.#pump();
  }

  /** An own line has arrived, so its letter need not be shown any more. @param {string} conversation @param {string} text */
  arrived(conversation, text) {
    const letter = this.letters.find((one) =>
      one.conversation === conversation && one.text === text && one.state !== "failed" && !one.arrived);
    if (!letter) return;
    letter.arrived = true;
    if (letter.state === "sent") this.discard(letter);
    else this.#changed();
  }

  /** The connection is back, so end the pause. */
  hurry() {
    this.#pause.cut();
  }

  /** The session is over: waiting letters have failed. */
  close() {
    this.#closed = true;
    for (const letter of this.letters) {
      if (letter.state === "waiting") this.#fail(letter, "bad_session");
    }
    this.#pause.cut();
  }

  async #pump() {
    if (this.#busy) return;
    this.#busy = true;
    for (;;) {
      const letter = this.letters.find((one) => one.state === "waiting");
      if (!letter || this.#closed) break;
      await this.#deliver(letter);
    }
    this.#busy = false;
  }

  /** @param {Letter} letter */
  async #deliver(letter) {
    if (Date.now() - letter.asked > TRY_LIFE) return this.#fail(letter, "unsure");
    const { text, key, room, to, toId, reply, plain } = letter;
    try {
      const where = to ? { to, ...(toId && { to_id: toId }) } : { room: room ?? "" };
      const more = { ...(reply && { reply_to: `${reply.id}` }), ...(plain && { command: "0" }) };
      const { id } = await api.send({ msg: text, key, ...where, ...more });
      this.#backoff.reset();
      // A command gets no id, and there is no line to wait for.
      if (id === undefined || letter.arrived) this.discard(letter);
      else letter.state = "sent";
    } catch (error) {
      if (!(error instanceof api.Refused)) {
        await this.#pause.rest(this.#backoff.next(/** @type {api.Lost} */ (error).retryAfter));
      } else if (error.code === "rate_limited") {
        // It was not sent. The old key would only repeat the refusal.
        Object.assign(letter, { key: newKey(), began: Date.now(), asked: Date.now(), code: error.code });
        this.#changed();
        await this.#pause.rest(this.#backoff.next(error.retryAfter ?? 1));
      } else {
        this.#fail(letter, toId && error.code === "no_such_user" ? "person_left" : error.code);
      }
    }
  }

  /** @param {Letter} letter @param {string} code */
  #fail(letter, code) {
    letter.state = "failed";
    letter.code = code;
    this.#changed();
    this.#failed(letter);
  }
}
