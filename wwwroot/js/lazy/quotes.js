// What a message answers: a line above it with the author and the beginning, which leads there.

import { hides } from "../storage/settings.js";
import { calm } from "../text/limits.js";
import * as api from "../transport/api.js";
import { find, make, press } from "../view/dom.js";
import * as dropped from "../view/dropped.js";
import * as timeline from "../view/timeline.js";
import { goTo } from "./reach.js";
import { say } from "./settingsTexts.js";

/** @typedef {import("../model/line.js").Line} Line */
/** @typedef {import("../model/line.js").Reply} Reply */
/** @typedef {import("../model/conversation.js").Conversation} Conversation */
/** @typedef {import("../session/session.js").Session} Session */

const LONGEST = 150;

/** The beginning of a text, in one line. @param {string} text */
export function excerpt(text) {
  const line = text.slice(0, LONGEST * 2).replace(/\s+/g, " ").trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST).replace(/[\uD800-\uDBFF]$/, "")}…` : line;
}

/** @param {Session} session @param {Line} line @param {HTMLElement} text in the message */
export function draw(session, line, text) {
  const { reply } = line;
  if (!reply) return;
  const { selected } = session.chat;
  if (reply.text === undefined) learn(selected.past ?? selected, line, reply);
  const button = press("", () => void jump(session, reply.id, button), "quote");
  button.title = say.jumpToQuoted;
  button.append(quote(reply));
  text.before(button);
}

/** @param {Reply} reply */
export function quote(reply) {
  const element = make("span", "quoted-message", make("bdi", "", reply.nick), reply.nick ? ": " : "", make("bdi", "beginning"));
  element.dataset.quotes = String(reply.id);
  fill(element, reply);
  return element;
}

/** @param {HTMLElement} element @param {Reply} reply */
function fill(element, { id, nick, text }) {
  const beginning = /** @type {HTMLElement} */ (element.querySelector(".beginning"));
  const known = hides({ nick, id }) ? say.quotedHidden : text === null ? say.quotedDeleted : undefined;
  beginning.textContent = known ?? excerpt(text ?? "…");
  beginning.classList.toggle("hint", known !== undefined);
}

/**
 * A message has changed that others may answer.
 * @param {Session} session @param {Conversation} conversation @param {number} id @param {string | null} msg what it says; null: deleted
 */
export function requote({ chat }, conversation, id, msg) {
  const text = msg === null ? null : calm(msg);
  const lines = conversation.lines.concat(conversation.past?.lines ?? []);
  const replies = lines.map(({ reply }) => reply).concat(conversation.reply ?? []).filter((reply) => reply?.id === id);
  for (const reply of replies) /** @type {Reply} */ (reply).text = text;
  if (replies.length > 0 && conversation === chat.selected) refill(/** @type {Reply} */ (replies[0]));
}

/** @param {Reply} reply */
function refill(reply) {
  timeline.adjust(() => {
    for (const element of document.querySelectorAll(`.main [data-quotes="${reply.id}"]`)) fill(/** @type {HTMLElement} */ (element), reply);
  });
}

/**
 * Finds out what a message says that has just been answered: among the lines of the page, or from the server.
 * @param {Conversation} conversation @param {Line} line the answer @param {Reply} reply
 */
function learn(conversation, line, reply) {
  const parent = conversation.lines[conversation.indexOf({ ...line, id: reply.id })];
  if (parent?.id === reply.id) {
    reply.text = parent.kind === "system" ? null : parent.text;
    return;
  }
  // Until the answer is there, or if there is none. It is not asked for again.
  reply.text = "…";
  api.ask(`/chat/message/?id=${line.id}`).then(({ response: [{ reply_msg: text }] }) => {
    reply.text = text === undefined ? null : calm(text);
    refill(reply);
  }, () => { /* the line still leads there */ });
}

/**
 * Finds out what a message says that was chosen to be answered before the page was loaded again.
 * @param {Conversation} conversation @param {Reply} reply @param {() => void} gone there is no such message of that author
 */
export async function remind(conversation, reply, gone) {
  reply.text = "…";
  try {
    const { response: [{ d, data, deleted }] } = await api.ask(`/chat/message/?id=${reply.id}`);
    if ((data?.from ?? d.nick) !== reply.nick) return conversation.reply === reply ? gone() : undefined;
    reply.text = deleted ? null : calm(data?.msg ?? d.msg);
  } catch (error) {
    // Without the text, it is still an answer.
    if (error instanceof api.Refused) reply.text = null;
  }
  refill(reply);
}

/** @param {Session} session @param {number} id @param {HTMLButtonElement} button that was pressed */
async function jump(session, id, button) {
  const keyboard = button.matches(":focus-visible");
  button.disabled = true;
  const shown = await goTo(session, session.chat.selected.key, id, dropped.hint);
  button.disabled = false;
  // The button may have left the page.
  if (shown && keyboard) find("#messages").focus({ preventScroll: true });
}
