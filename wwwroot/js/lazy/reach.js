// Finding the way back to a message that somebody searched for.

const STEP = 200;
// So many pages back a search result is followed; further back everything between would be too much to hold.
const MOST = 100;

/**
 * Opens the conversation that a message is in, with all that came after it.
 * @param {import("../session/session.js").Session} session @param {string} key the conversation's @param {number} id
 * @returns {Promise<import("../model/line.js").Line | null>} null when it is too far back
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
