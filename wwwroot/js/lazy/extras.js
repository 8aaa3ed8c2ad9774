// What a message has besides its text, and the line above the message box that says what the next message answers.

import { find, make, press } from "../view/dom.js";
import * as quotes from "./quotes.js";
import * as reactions from "./reactions.js";
import { say } from "./settingsTexts.js";

/** @typedef {import("../model/line.js").Line} Line */
/** @typedef {import("../model/conversation.js").Conversation} Conversation */

/** @type {import("../session/session.js").Session} */
let session;
/** @type {() => void} */
let changed;

/** @param {typeof session} now @param {typeof changed} draw */
export function begin(now, draw) {
  if (!session) find("#input").addEventListener("keydown", escape);
  [session, changed] = [now, draw];
}

/** @param {Line} line @param {HTMLElement} message @param {HTMLElement} text in the message */
export function draw(line, message, text) {
  quotes.draw(session, line, text);
  reactions.draw(session, line, message);
}

/** Shows above the message box what the next message in a conversation answers, if anything. @param {Conversation} conversation */
export function drawReply({ reply }) {
  find(".replying")?.remove();
  if (!reply) return;
  const cancel = press("×", stop, "icon");
  cancel.setAttribute("aria-label", say.cancelReply);
  cancel.title = say.cancelReply;
  const bar = make("div", "replying", make("span", "hint", say.replyingTo), " ", quotes.quote(reply), cancel);
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", say.reply);
  bar.addEventListener("keydown", escape);
  find("#send").before(bar);
  if (reply.text === undefined) void quotes.remind(session.chat.selected, reply, stop);
}

/** @param {KeyboardEvent} event */
function escape(event) {
  if (event.key !== "Escape" || event.defaultPrevented || !session.chat.selected.reply) return;
  event.preventDefault();
  stop();
}

function stop() {
  session.chat.selected.reply = null;
  changed();
  find("#input").focus();
}
