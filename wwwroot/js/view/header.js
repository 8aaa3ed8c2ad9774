// What stands above the messages: where one is, the topic, and the way out.

import { words } from "../text/words.js";
import { LOBBY } from "../model/rooms.js";
import { find } from "./dom.js";

const title = find("#title");
const topic = find("#topic");
const leave = find("#leave-room");

/** @param {import("../model/chat.js").Chat} chat */
export function draw(chat) {
  const { selected } = chat;
  title.textContent = selected.title;
  const text = selected.kind === "room" ? selected.topic || words.noTopic : words.directTopic(selected.name, chat.hasPerson(selected));
  if (topic.textContent !== text) topic.textContent = topic.title = text;
  leave.hidden = selected.kind === "room" && selected.name === LOBBY;
  const label = selected.kind === "room" ? words.leaveRoom : words.closeConversation;
  leave.setAttribute("aria-label", label);
  leave.title = label;
}
