// Shows a message that was found by a search.

const STEP = 200;
// How many pages to load at most. More messages would need too much memory.
const MOST = 100;

/**
 * Opens the conversation of a message, and loads all messages since.
 * @param {import("../session/session.js").Session} session @param {string} key the conversation's @param {number} id
 * @returns {Promise<import("../model/line.js").Line | null>} null if it is too far back
 */
export async function reach(session, key, id) {
  const { chat } = session;
  const conversation = chat.find(key);
  for (let page = 0; conversation && page < MOST; page++) {
    const line = conversation.lines.find((one) => one.id === id && one.era === chat.era);
    if (line) {
      session.select(conversation);
      return line;
    }
    const first = conversation.lines[0];
    if (conversation.whole || (first && first.id < id)) break;
    await session.older(conversation, STEP);
  }
  return null;
}
