// One long poll per browser: the tabs of a session agree on a leader by a Web Lock, which the browser hands on when a
// tab is closed or dies; what the leader hears it says to the others over a BroadcastChannel. A browser without either
// (Web Locks need https or localhost) has tabs that each poll alone.

import { BASE } from "./api.js";

// A leader that says nothing is asked; one that does not answer has its lead taken. Together below 3 s.
const LOOK = 600;
const QUIET = 1000;
const DEAD = 2200;

/** @typedef {{type: string, user?: string, [more: string]: any}} Word */

export class Tabs {
  #host;
  #channel = "BroadcastChannel" in window && navigator.locks ? new BroadcastChannel(`erlchat${BASE}`) : null;
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

  get leading() {
    return this.#leading || !this.#channel;
  }

  /** Takes part in the tabs of a session. @param {string} user */
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

  /** To the other tabs. @param {Word} word @param {string} [user] whose session it is about */
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
      // Another tab took the lock, because this one was asleep: it queues again. Or this one left.
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

  /** Only a tab that somebody looks at takes the lead: a browser lets hidden ones sleep, and their clocks with them. */
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

// How the connection is doing: shown here, and said by the leader to the other tabs.

/**
 * @typedef {{state: "connecting" | "connected" | "retrying" | "offline" | "superseded" | "ended",
 *   until?: number, restarting?: boolean, reason?: string}} Report  until: ms of Date.now()
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

  /** @param {Report} report the leader's */
  take(report) {
    this.#last = report;
    this.#show(report);
  }

  repeat() {
    this.#say({ type: "state", led: true, report: this.#last });
  }
}
