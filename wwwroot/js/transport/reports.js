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

  /** @param {(report: Report) => void} show @param {(word: import("./tabs.js").Word) => void} say to the other tabs, if this one leads */
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
