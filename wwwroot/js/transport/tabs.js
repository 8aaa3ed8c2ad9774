// One long poll per browser. The tabs of a session choose a leader with a Web Lock, which the browser passes on when a
// tab is closed or crashes. The leader tells the others what it receives over a BroadcastChannel. Without these
// (Web Locks need https or localhost), each tab polls alone.

import { BASE } from "./api.js";
import { channel, takeWords } from "./begun.js";

// A silent leader is asked; if it does not answer, another tab takes the lead. Together below 3 s.
const LOOK = 600;
const QUIET = 1000;
const DEAD = 2200;

/** @typedef {{type: string, user?: string, [more: string]: any}} Word */

export class Tabs {
  #host;
  #channel = channel;
  #user = "";
  #leading = false;
  #heard = 0;
  #contest = new AbortController();
  #release = () => {};

  /** @param {{hear: (word: Word) => void, lead: (leading: boolean) => void}} host */
  constructor(host) {
    this.#host = host;
    this.#channel?.addEventListener("message", ({ data }) => this.#hear(data));
    setInterval(() => this.#watch(), LOOK);
    document.addEventListener("visibilitychange", () => this.#watch());
  }

  /** Passes on what the others said while the modules were loaded. */
  catchUp() {
    for (const word of takeWords()) this.#hear(word);
  }

  get leading() {
    return this.#leading || !this.#channel;
  }

  /** Joins the tabs of a session. @param {string} user */
  join(user) {
    if (user === this.#user) return;
    this.leave();
    this.#user = user;
    this.#heard = performance.now();
    if (!this.#channel) return;
    this.#contest = new AbortController();
    void this.#contend({ signal: this.#contest.signal });
    this.say({ type: "session" });
    this.say({ type: "ping" });
  }

  leave() {
    this.#user = "";
    this.#contest.abort();
    this.#release();
    this.#leading = false;
  }

  /** Tells the other tabs. @param {Word} word @param {string} [user] whose session it is about */
  say(word, user = this.#user) {
    this.#channel?.postMessage({ ...word, user });
  }

  /** @param {LockOptions} how */
  async #contend(how) {
    const user = this.#user;
    try {
      await navigator.locks.request(`erlchat${BASE} ${user}`, how, () => {
        if (user !== this.#user) return undefined;
        this.#set(true);
        return /** @type {Promise<void>} */ (new Promise((resolve) => (this.#release = resolve)));
      });
    } catch {
      // Another tab took the lock because this one was asleep, so queue again; or this tab has left.
      if (user !== this.#user) return;
      this.#set(false);
      void this.#contend({ signal: this.#contest.signal });
    }
  }

  /** @param {boolean} leading */
  #set(leading) {
    if (leading === this.#leading) return;
    this.#leading = leading;
    this.#heard = performance.now();
    this.#host.lead(leading);
  }

  /** @param {Word} word */
  #hear(word) {
    if (word.user === this.#user) {
      if (word.type === "ping") {
        if (this.#leading) this.#host.hear(word);
        return;
      }
      if (word.led) this.#heard = performance.now();
    }
    this.#host.hear(word);
  }

  /** Only visible tabs take the lead, because browsers suspend hidden ones. */
  #watch() {
    if (!this.#user || this.leading || document.hidden) return;
    const quiet = performance.now() - this.#heard;
    if (quiet > DEAD + LOOK * 3) this.#heard = performance.now() - QUIET;
    else if (quiet > DEAD) {
      this.#heard = performance.now();
      void this.#contend({ steal: true });
      return;
    }
    if (quiet > QUIET) this.say({ type: "ping" });
  }
}

// The state of the connection, which the leader also tells the other tabs.

/**
 * @typedef {{state: "connecting" | "connected" | "doubtful" | "retrying" | "offline" | "superseded" | "ended",
 *   until?: number, restarting?: boolean, reason?: string, text?: string}} Report  until: ms of Date.now()
 */

export class Reports {
  /** @type {Report} */
  #last = { state: "connecting" };
  #show;
  #say;

  /** @param {(report: Report) => void} show @param {(word: Word) => void} say to the other tabs, if this one leads */
  constructor(show, say) {
    this.#show = show;
    this.#say = say;
  }

  /** @param {Report} report this tab's own */
  make(report) {
    this.take(report);
    this.repeat();
  }

  /** A call of this tab is overdue, or none is any more. @param {boolean} slow */
  doubt(slow) {
    if (this.#last.state === (slow ? "connected" : "doubtful")) this.take({ state: slow ? "doubtful" : "connected" });
  }

  /** @param {Report} report the leader's */
  take(report) {
    this.#last = report;
    this.#show(report);
  }

  repeat() {
    this.#say({ type: "state", led: true, report: this.#last });
  }
}
