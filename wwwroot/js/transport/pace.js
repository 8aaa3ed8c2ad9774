// When to retry: growing pauses with jitter, so that not all clients return at once to a restarted server.

const LONGEST_ASKED = 300_000;

/** In ms; set from the server's limits (/chat/me/). */
export const pauses = { first: 500, longest: 10_000 };

export class Backoff {
  #failures = 0;

  /** @param {number} [asked] seconds the server asked for @returns {number} ms */
  next(asked) {
    const base = Math.min(pauses.longest, pauses.first * 2 ** this.#failures++);
    if (asked === undefined) return base * (0.5 + Math.random() / 2);
    // Never earlier than the server asked: jitter only adds.
    return Math.min(LONGEST_ASKED, asked * 1000) * (1 + Math.random() / 4);
  }

  reset() {
    this.#failures = 0;
  }
}

/** A pause that can be cut short. */
export class Pause {
  #end = () => {};

  /** @param {number} ms @returns {Promise<void>} */
  rest(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  cut() {
    this.#end();
  }
}

// After a jump of the clock this large, the machine was asleep.
const JUMP = 15_000;
const LOOK = 2000;

/**
 * Watches for the page to return: from the background, from sleep, or to the network.
 * @param {{woke: () => void, online: () => void, offline: () => void}} host
 */
export function watchLife(host) {
  addEventListener("online", host.online);
  addEventListener("offline", host.offline);
  document.addEventListener("visibilitychange", () => document.hidden || host.woke());
  document.addEventListener("resume", host.woke);
  let last = Date.now();
  setInterval(() => {
    const now = Date.now();
    if (now - last > JUMP) host.woke();
    last = now;
  }, LOOK);
}
