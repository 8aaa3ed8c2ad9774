// What the next messages of this tab answer, by conversation, kept across reloads as drafts are: an answer must not become a message of
// its own.

import { own } from "../storage/store.js";

/** @typedef {import("./conversation.js").Conversation} Conversation */
/** @typedef {import("./line.js").Reply} Reply */

const KEY = "erlchat.replies";

/**
 * Of one user, since the ids of messages mean nothing in another log. Without the texts, which may be deleted meanwhile.
 * @type {{user: string, replies: Record<string, {id: number, nick: string}>}}
 */
let kept = own.read(KEY, { user: "", replies: {} });
/** What was kept is looked at once: later, the page knows better. @type {WeakSet<Conversation>} */
const restored = new WeakSet();

/** @param {string} user empty: not known yet @param {Conversation} conversation that is shown */
export function restoreReply(user, conversation) {
  if (!user || restored.has(conversation)) return;
  restored.add(conversation);
  const reply = kept.user === user && kept.replies[conversation.key];
  if (reply) conversation.reply ??= { ...reply };
}

/** What was kept of another user is forgotten. @param {string} user @param {string} key the conversation's @param {Reply | null} [reply] */
export function keepReply(user, key, reply) {
  if (kept.user !== user) kept = { user, replies: {} };
  if (reply) kept.replies[key] = { id: reply.id, nick: reply.nick };
  else delete kept.replies[key];
  own.write(KEY, kept);
}
