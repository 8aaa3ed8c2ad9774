// What is on its way to the server: one message at a time, in order, each under its own key. The key makes a
// retry safe: the server answers a key it knows with the first outcome and sends nothing twice.

import * as api from "./api.js";
import { Backoff, Pause } from "./pace.js";

/**
 * @typedef {{key: string, text: string, conversation: string, to?: string, toId?: string, room?: string, asked: number, began: number,
 *   state: "waiting" | "sent" | "failed", code?: string, arrived?: boolean}} Letter
 *   sent: the server has it, its line has not come back yet. arrived: the line is there, the answer is not.
 */

// The server keeps keys for ten minutes. Later a retry could say things twice, so we stop before.
const KEY_LIFE = 9 * 60_000;
// So long it is tried by itself. Later its time may be over, and whoever wrote it should say whether it is.
const TRY_LIFE = 60_000;

/** randomUUID exists only on https and localhost; a chat in a home network is often neither. */
function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
}

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

  /** @param {string} text @param {import("../model/conversation.js").Conversation} conversation */
  add(text, { key, kind, name, id }) {
    const now = Date.now();
    /** @type {Letter} */
    const letter = {
      key: newKey(), text, conversation: key, [kind === "room" ? "room" : "to"]: name, toId: id, asked: now, began: now, state: "waiting",
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
    // The old key as long as the server knows it: the message may have arrived after all.
    if (letter.code !== "unsure" || now - letter.began > KEY_LIFE) Object.assign(letter, { key: newKey(), began: now });
    Object.assign(letter, { asked: now, state: "waiting", code: undefined });
    this.letters = [...this.letters.filter((other) => other !== letter), letter];
    this.#closed = false;
    this.#changed();
    void this.#pump();
  }

  /** A line of our own has come: its letter need not be shown beside it. @param {string} conversation @param {string} text */
  arrived(conversation, text) {
    const letter = this.letters.find((one) => one.conversation === conversation && one.text === text && one.state !== "failed" && !one.arrived);
    if (!letter) return;
    letter.arrived = true;
    if (letter.state === "sent") this.discard(letter);
    else this.#changed();
  }

  /** The connection is back: do not sit out the pause. */
  hurry() {
    this.#pause.cut();
  }

  /** The session is over: what waits was not sent, and says so. */
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
    const { text, key, room, to, toId } = letter;
    try {
      const { id } = await api.send({ msg: text, key, ...(to ? { to, ...(toId && { to_id: toId }) } : { room: room ?? "" }) });
      this.#backoff.reset();
      // Without an id there is no line to wait for: it was a command.
      if (id === undefined || letter.arrived) this.discard(letter);
      else letter.state = "sent";
    } catch (error) {
      if (!(error instanceof api.Refused)) {
        await this.#pause.rest(this.#backoff.next(/** @type {api.Lost} */ (error).retryAfter));
      } else if (error.code === "rate_limited") {
        // Refused is not sent, and the old key would only repeat the refusal: so a new key.
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
