// A single long poll, and what to do after a failed one.

import * as api from "./api.js";

// After an answer this quick, polling again at once would spin.
const TOO_SOON = 500;
// When a tab wakes up after so long without an answer, it checks that its poll is alive.
const DOUBT = 15_000;
const PROBE = 4000;

/**
 * Polls once from the feed's cursor, handles the items, and passes them on to the other tabs.
 * @param {import("./feed.js").Feed} feed @param {((word: import("./tabs.js").Word) => void) | null} say null: do not pass them on
 * @param {number} hold ms @param {AbortSignal} signal
 * @returns {Promise<{pace?: "fresh" | "quick", stopping?: number}>} stopping: the server is stopping; retry after so many seconds
 */
export async function pollOnce(feed, say, hold, signal) {
  const cursor = /** @type {import("./feed.js").Cursor} */ (feed.cursor);
  const asked = performance.now();
  const answer = await api.wait(cursor, hold, signal);
  // The chat has been entered again meanwhile, so the answer is out of date.
  if (signal.aborted || cursor !== feed.cursor) return { pace: "fresh" };
  if (answer.typing) {
    cursor.typing = answer.typing.number;
    const word = { type: "typing", signal: answer.typing };
    say?.(word);
    feed.hear({ ...word, user: feed.user });
    return { pace: "fresh" };
  }
  if (Array.isArray(answer.response)) {
    /** @type {{id: number}[]} */
    const items = answer.response;
    const next = Math.max(cursor.next, ...items.map(({ id }) => id + 1));
    feed.behind = false;
    say?.({ type: "items", led: true, from: cursor.next, next, epoch: cursor.epoch, items });
    if (feed.take(items, next)) return { pace: "fresh" };
  } else if (answer.stopping) {
    return { stopping: answer.retry_after ?? 1 };
  }
  return performance.now() - asked < TOO_SOON ? { pace: "quick" } : {};
}

/** Aborts a parked poll whose network has failed. @param {AbortController} poll @param {number} heard the time of the last answer */
export async function probe(poll, heard) {
  if (performance.now() - heard < DOUBT) return;
  await api.me(poll.signal, { deadline: PROBE }).catch((error) => {
    if (error instanceof api.Lost) poll.abort();
  });
}

/**
 * @param {unknown} error
 * @returns {{then: "rest", asked?: number, restarting?: boolean} | {then: "again"} | {then: "superseded"}
 *   | {then: "ended", reason?: string, text?: string}}
 */
export function verdict(error) {
  if (error instanceof api.Lost) return { then: "rest", asked: error.retryAfter, restarting: error.message === "stopping" };
  if (!(error instanceof api.Refused)) {
    console.error(error);
    return { then: "rest" };
  }
  switch (error.code) {
    case "resync": return { then: "again" };
    case "bad_session": return { then: "ended", reason: error.reason, text: error.text };
    case "superseded": return { then: "superseded" };
    default: return { then: "rest", asked: error.retryAfter };
  }
}
