// Shows a message that may be far back: the part of the conversation around it, from where the user reads on in both directions.

import { Conversation } from "../model/conversation.js";
import { words } from "../text/words.js";
import * as dropped from "../view/dropped.js";
import * as timeline from "../view/timeline.js";
import { reason } from "./orders.js";
import { say } from "./settingsTexts.js";

/** @typedef {import("../session/session.js").Session} Session */

// How many messages are loaded at a time.
const SIZE = 100;

/** Parts whose next page is being loaded. @type {WeakSet<Conversation>} */
const loading = new WeakSet();

/**
 * Goes to a message, or tells why not.
 * @param {Session} session @param {string} key the conversation's @param {number} id
 * @param {(text: string) => unknown} tell @param {string} [missing] what to tell if there is no such message
 * @returns {Promise<boolean>} whether it is shown
 */
export async function goTo(session, key, id, tell, missing = say.noMessage) {
  try {
    const line = await reach(session, key, id);
    if (line) timeline.jump(line);
    else tell(missing);
    return line !== null;
  } catch (error) {
    tell(words.failed(reason(error)));
    return false;
  }
}

/**
 * Opens the conversation of a message, with the message.
 * @param {Session} session @param {string} key @param {number} id
 * @returns {Promise<import("../model/line.js").Line | null>} null if there is none, or it cannot be read
 */
async function reach(session, key, id) {
  const { chat } = session;
  const conversation = chat.find(key);
  if (!conversation) return null;
  // Without its newest lines, the part around the message would be taken for them.
  if (!conversation.whole && conversation.lines.length === 0) await session.older(conversation);
  const lineIn = (/** @type {Conversation | null} */ one) => one?.lines.find((line) => line.id === id && line.era === chat.era);
  const there = [conversation, conversation.past].find(lineIn);
  if (there) {
    session.select(conversation, there === conversation ? null : there);
    return lineIn(there) ?? null;
  }
  const page = await session.page(conversation, `around=${id}`, SIZE);
  const target = page?.lines.find((line) => line.id === id);
  if (!page || !target) return null;
  const part = new Conversation(conversation.kind, conversation.name, conversation.key);
  const { label, id: user, gone } = conversation;
  // Nothing in it counts as unread: the conversation itself counts.
  Object.assign(part, { label, id: user, gone, target, lines: page.lines, whole: !page.more, newer: true, readTo: Infinity });
  const whole = joined(conversation, part, page.newer, chat.era);
  session.select(conversation, whole ? null : part);
  return lineIn(whole ? conversation : part) ?? null;
}

/**
 * Adds a part to its conversation if it reaches up to what is loaded of that.
 * @param {Conversation} conversation @param {Conversation} part @param {boolean} newer whether the server has more after it
 * @param {number} era @returns {boolean} whether it does
 */
function joined(conversation, part, newer, era) {
  const first = conversation.lines.find((line) => line.era === era);
  const last = part.lines.at(-1);
  if (newer && !(first && last && last.id >= first.id)) return false;
  conversation.prepend(part.lines);
  conversation.whole ||= part.whole;
  return true;
}

/** Loads what follows a part that is shown. @param {Session} session @param {Conversation} part @param {() => void} draw */
export async function newer(session, part, draw) {
  if (loading.has(part)) return;
  loading.add(part);
  try {
    const page = await session.page(part, `after=${part.lines.at(-1)?.id}`, SIZE);
    const conversation = session.chat.find(part.key);
    // It may have been left meanwhile.
    if (!page || conversation?.past !== part) return;
    part.add(page.lines);
    if (joined(conversation, part, page.newer && page.lines.length > 0, session.chat.era)) session.select(conversation);
    else draw();
  } catch (error) {
    // Scrolling tries again.
    dropped.hint(words.failed(reason(error)));
  } finally {
    loading.delete(part);
  }
}
