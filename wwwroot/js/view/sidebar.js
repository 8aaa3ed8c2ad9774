// The rooms and private conversations, with how much is unread, and the header above the messages.

import { LOBBY } from "../model/rooms.js";
import { words } from "../text/words.js";
import { find, make } from "./dom.js";

/** @typedef {import("../model/conversation.js").Conversation} Conversation */

const rooms = find("#rooms");
const directs = find("#directs");
let drawn = "";

/** @param {(key: string) => void} chosen */
export function begin(chosen) {
  for (const list of [rooms, directs]) {
    list.addEventListener("click", (/** @type {Event} */ event) => {
      const button = /** @type {HTMLElement} */ (event.target).closest("button");
      if (button?.dataset.key) chosen(button.dataset.key);
    });
  }
}

/** @param {import("../model/chat.js").Chat} chat */
export function draw(chat) {
  const all = chat.conversations.filter((one) =>
    (one.kind === "person" ? !one.ignored || one === chat.selected : chat.rooms.get(one.name)));
  const shown = all.map((one) => [one.key, one.label, one.unread, one.mentions, one.kind === "person" && presenceOf(one, chat), one.gone]);
  const key = JSON.stringify([chat.selected.key, shown]);
  if (key === drawn) return;
  drawn = key;
  // The focus may be in the list, and stays on its conversation.
  const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.key;
  rooms.replaceChildren(...all.filter(({ kind }) => kind === "room").map((one) => entry(one, chat)));
  directs.replaceChildren(...all.filter(({ kind }) => kind === "person").map((one) => entry(one, chat)));
  if (focused) find(`#sidebar [data-key="${CSS.escape(focused)}"]`)?.focus();
  drawOpener(all);
}

const opener = find("#rooms-open");
const count = find("#rooms-unread");

/** A narrow window shows only the button that opens the list, so it counts what is addressed to the user. @param {Conversation[]} all */
function drawOpener(all) {
  const unread = all.reduce((sum, { kind, unread, mentions }) => sum + (kind === "person" ? unread : mentions), 0);
  count.textContent = unread > 99 ? "99+" : String(unread);
  count.hidden = unread === 0;
  opener.title = unread > 0 ? `${words.showRooms}, ${words.unreadForYou(unread)}` : words.showRooms;
  opener.setAttribute("aria-label", opener.title);
}

/**
 * Of a person's conversation.
 * @param {Conversation} conversation @param {import("../model/chat.js").Chat} chat @returns {"here" | "away" | ""}
 */
const presenceOf = (conversation, chat) => (!chat.hasPerson(conversation) ? "" : chat.isAway(conversation.name) ? "away" : "here");

/** @param {Conversation} conversation @param {import("../model/chat.js").Chat} chat */
function entry(conversation, chat) {
  const { kind, label, key, unread, mentions } = conversation;
  const presence = presenceOf(conversation, chat);
  const sign = kind === "room" ? make("span", "sign", "#") : make("span", `dot ${presence}`);
  sign.setAttribute("aria-hidden", "true");
  const button = make("button", "", sign, make("bdi", "name", label));
  button.type = "button";
  button.dataset.key = key;
  if (conversation === chat.selected) button.setAttribute("aria-current", "true");
  if (kind === "person") {
    const text = presence ? (presence === "away" ? words.away : words.online) : conversation.gone ? words.goneFor : words.notHere;
    button.append(make("span", "unseen", text));
  }
  if (unread > 0) {
    const badge = make(
      "span", mentions ? "badge mention" : "badge", mentions && kind === "room" ? "@" : "", unread > 99 ? "99+" : String(unread));
    badge.setAttribute("aria-hidden", "true");
    button.append(badge, make("span", "unseen", `, ${words.unread(unread)}${mentions ? `, ${words.mentioned}` : ""}`));
  }
  return make("li", `${unread ? "unread" : ""}${conversation.gone ? " left" : ""}`, button);
}

const title = find("#title");
const topic = find("#topic");
const leave = find("#leave-room");
const about = find("#room-open");
const pins = find("#pins-open");
const pinned = find("#pins-count");

/** @param {import("../model/chat.js").Chat} chat */
export function drawHeader(chat) {
  const { selected } = chat;
  title.textContent = selected.title;
  const text = selected.kind === "room" ? selected.topic || words.noTopic : words.directTopic(selected.name, chat.hasPerson(selected));
  if (topic.textContent !== text) topic.textContent = topic.title = text;
  about.hidden = selected.kind === "person";
  leave.hidden = selected.kind === "room" && selected.name === LOBBY;
  const count = chat.rooms.get(selected.room)?.pins ?? 0;
  pins.hidden = count === 0;
  pinned.textContent = String(count);
  pins.title = words.pinnedCount(count);
  pins.setAttribute("aria-label", pins.title);
  const label = selected.kind === "room" ? words.leaveRoom : words.closeConversation;
  leave.setAttribute("aria-label", label);
  leave.title = label;
}
