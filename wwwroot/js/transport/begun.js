// What early.js began before the modules were there. It saves two round trips.

/**
 * @typedef {{channel: BroadcastChannel | null, words: any[], keep: (event: MessageEvent) => void,
 *   answers: Promise<{start: any, me: any} | null>}} Begun
 */
const begun = /** @type {{begun?: Begun}} */ (window).begun;
let answers = begun?.answers;

/** The channel between the tabs. What others say is kept until takeWords. */
export const channel = begun?.channel ?? null;

/** What other tabs have said so far. From now on, the caller listens. */
export function takeWords() {
  if (begun) channel?.removeEventListener("message", begun.keep);
  return begun?.words.splice(0) ?? [];
}

/** The answers of start and me, once: later they would be out of date. Null if one is missing. */
export async function takeAnswers() {
  const found = await answers;
  answers = undefined;
  return found?.me.status === "ok" ? found : null;
}
