// The long poll: enters the chat, then keeps waiting for items after a cursor, and reports its state.
// The cursor only moves when an answer has arrived, so a lost answer is requested again and nothing is lost.
// Of several tabs only the leader polls. The others use what it passes on, and request what they missed.

import * as api from "./api.js";
import { Feed } from "./feed.js";
import { Backoff, Pause, watchLife } from "./pace.js";
import { pollOnce, probe, verdict } from "./poll.js";
import { Reports, Tabs } from "./tabs.js";

/** @typedef {import("./tabs.js").Report} Report */

export class Connection {
  /** How long a poll may take, in ms; set from the server's limits. */
  hold = 75_000;

  #enterChat;
  #tabs;
  #feed;
  #reports;
  #backoff = new Backoff();
  #pause = new Pause();
  #run = new AbortController();
  #poll = new AbortController();
  #justEntered = false;
  /** The poll was aborted to enter the chat again. */
  #anew = false;
  #nudge = () => {};
  #heard = performance.now();

  /** @param {{enter: (signal: AbortSignal) => Promise<{cursor: import("./feed.js").Cursor, user: string}>,
   *   deliver: (items: any[], leading: boolean) => void, report: (report: Report) => void,
   *   hear: (word: import("./tabs.js").Word) => void}} host */
  constructor(host) {
    this.#enterChat = host.enter;
    this.#run.abort();
    this.#reports = new Reports(host.report, (word) => this.#tabs.leading && this.#feed.cursor && this.#tabs.say(word));
    this.#feed = new Feed({
      deliver: (items) => host.deliver(items, this.#tabs.leading),
      again: () => this.#again(),
      missed: () => this.#nudge(),
      told: (report) => this.#told(report),
      asked: () => this.#reports.repeat(),
      hurry: () => this.#tabs.leading && this.retryNow(),
      left: () => this.#end({ state: "ended", reason: "left" }),
      other: host.hear,
    });
    this.#tabs = new Tabs({ hear: (word) => this.#feed.hear(word), lead: (leading) => (leading ? this.#nudge() : this.#poll.abort()) });
    api.onSlow((slow) => this.#reports.doubt(slow));
    watchLife({
      woke: () => this.#wake(),
      online: () => this.retryNow(),
      // Without a network the poll could hang until its deadline.
      offline: () => this.#poll.abort(),
    });
  }

  start() {
    if (!this.#run.signal.aborted) return;
    this.#run = new AbortController();
    if (this.#feed.cursor) this.#tabs.join(this.#feed.user);
    void this.#loop(this.#run.signal);
  }

  stop() {
    this.#run.abort();
    this.#poll.abort();
    this.#pause.cut();
    this.#nudge();
    this.#tabs.leave();
  }

  retryNow() {
    this.#pause.cut();
    if (!this.#tabs.leading) this.#tabs.say({ type: "hurry" });
  }

  /** Tells the other tabs that this one has ended the session. They would only notice that the cookie is gone. */
  left() {
    this.#tabs.say({ type: "left" }, this.#feed.user);
  }

  /** To the other tabs of the session. @param {import("./tabs.js").Word} word */
  say(word) {
    this.#tabs.say(word);
  }

  /** @param {AbortSignal} stopped */
  async #loop(stopped) {
    this.#reports.make({ state: "connecting" });
    let sure = false;
    while (!stopped.aborted) {
      this.#poll = new AbortController();
      try {
        if (!this.#feed.cursor) {
          await this.#enter(this.#poll.signal);
          sure = false;
        } else if (!sure && this.#polls) await this.#reach(this.#poll.signal);
        if (stopped.aborted) return;
        if (!sure) this.#reports.make({ state: "connected" });
        sure = true;
        if (this.#polls) sure = await this.#wait();
        else if (this.#feed.cursor) await new Promise((resolve) => (this.#nudge = () => resolve(undefined)));
      } catch (error) {
        if (stopped.aborted) return;
        sure = false;
        // The poll was aborted on purpose if the tab lost the lead or enters again.
        if (!this.#anew && (!this.#feed.cursor || this.#polls)) await this.#mend(error);
      }
    }
  }

  get #polls() {
    return this.#tabs.leading || this.#feed.behind;
  }

  /** @param {AbortSignal} signal */
  async #enter(signal) {
    this.#feed.open();
    this.#tabs.catchUp();
    this.#anew = false;
    const { cursor, user } = await this.#enterChat(signal);
    this.#justEntered = true;
    this.#tabs.join(user);
    this.#feed.begin(cursor, user);
  }

  /** A poll may be silent for a minute, so first make a call that is answered at once. @param {AbortSignal} signal */
  async #reach(signal) {
    // Refusals are left to the poll, which gets a kick's notice before bad_session.
    const me = await api.me(signal).catch((error) => {
      if (error instanceof api.Lost) throw error;
    });
    // After a new login in this browser, this tab is in another session.
    if (me && me.user_id !== this.#feed.user) await this.#enter(signal);
  }

  /** @returns {Promise<boolean>} whether the connection is known to be good */
  async #wait() {
    const say = this.#tabs.leading ? (/** @type {import("./tabs.js").Word} */ word) => this.#tabs.say(word) : null;
    const { pace, stopping } = await pollOnce(this.#feed, say, this.hold, this.#poll.signal);
    this.#justEntered = false;
    this.#heard = performance.now();
    if (stopping !== undefined) {
      await this.#rest(stopping, true);
      return false;
    }
    if (pace === "quick") await this.#pause.rest(this.#backoff.next());
    else this.#backoff.reset();
    return true;
  }

  /** Enters the chat again. */
  #again() {
    this.#feed.open();
    this.#anew = true;
    this.#poll.abort();
    this.#nudge();
  }

  #wake() {
    if (this.#run.signal.aborted || !this.#tabs.leading) return;
    this.#pause.cut();
    void probe(this.#poll, this.#heard);
  }

  /** @param {unknown} error */
  async #mend(error) {
    const what = verdict(error);
    switch (what.then) {
      case "rest": return this.#rest(what.asked, what.restarting);
      case "ended": return this.#end({ ...what, state: "ended" });
      case "superseded":
        // Only the user restarts it, or two tabs would supersede each other forever.
        this.#reports.make({ state: "superseded" });
        return this.stop();
      case "again": {
        // Enter the chat again. After two times without a good poll between them, slow down.
        const again = this.#justEntered;
        this.#feed.open();
        if (this.#tabs.leading) this.#tabs.say({ type: "again", led: true });
        if (again) await this.#rest();
      }
    }
  }

  /** The leader has reported its state. @param {Report} report */
  #told(report) {
    if (this.#tabs.leading || this.#run.signal.aborted) return;
    if (report.state === "ended") this.#end(report);
    else this.#reports.take(report);
  }

  /** @param {Report} report */
  #end(report) {
    this.#reports.make(report);
    this.stop();
    this.#feed.open();
  }

  /** @param {number} [asked] seconds @param {boolean} [restarting] */
  async #rest(asked, restarting = false) {
    const ms = this.#backoff.next(asked);
    this.#reports.make({ state: navigator.onLine ? "retrying" : "offline", until: Date.now() + ms, restarting });
    await this.#pause.rest(ms);
  }
}
