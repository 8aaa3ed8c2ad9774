// A room: how it is shown here, who may do what in it, and for its moderators, how it is used.

import { LOBBY } from "../model/rooms.js";
import { wishFor } from "../storage/settings.js";
import { words } from "../text/words.js";
import * as api from "../transport/api.js";
import { makeForm, makeInput, makeSelect, openDialog } from "../view/dialog.js";
import { labelled, make } from "../view/dom.js";
import { attempt, makeOrder, order, reason } from "./orders.js";
import { drawGuests, drawLinks, drawModerators } from "./roomLists.js";
import { say } from "./settingsTexts.js";

/** @typedef {{name: string, title?: string, topic: string, owner: string | null, moderators: string[], invited: string[],
 *   links: {id: string, by: string | null, until: string}[], role: "member" | "moderator" | "owner",
 *   private?: boolean, locked?: boolean, archived?: boolean, slow?: number}} Details */

/** @param {import("../model/conversation.js").Conversation} conversation with the room */
export async function openRoom({ name, title }) {
  const content = make("div", "");
  openDialog(title, content);
  await draw(content, name);
}

/** @param {HTMLElement} content @param {string} name */
async function draw(content, name) {
  /** @type {Details} */
  let room;
  try {
    room = (await api.call(`/chat/room/?room=${encodeURIComponent(name)}`)).response;
  } catch (error) {
    content.replaceChildren(make("p", "error", words.failed(reason(error))));
    return;
  }
  const again = () => draw(content, name);
  content.replaceChildren(
    drawWishes(name),
    section(say.theRoom,
      make("p", "hint", room.owner ? say.ownedBy(room.owner) : say.ownedByAdmins),
      drawTopic(room),
      ...(room.role === "member" ? [] : [...drawName(room, again), ...drawUse(room, again)])),
    ...(room.moderators.length > 0 || room.role === "owner" ? [section(say.moderators, ...drawModerators(room, again))] : []),
    ...(room.role === "member" || name === LOBBY ? [] : [
      section(say.invitations, ...drawGuests(room, again)),
      section(say.links, ...drawLinks(room)),
    ]));
}

/** @param {string} title @param {...(string | Node)} content */
const section = (title, ...content) => make("section", "", make("h3", "", title), ...content);

/** How the user wants to be told of the room. @param {string} room */
function drawWishes(room) {
  const { muted = false, joins: shown = "folded" } = wishFor(room);
  const joins = makeSelect([["folded", say.joinsFolded], ["on", say.joinsOn], ["off", say.joinsOff]], shown);
  const label = labelled(say.joins, joins);
  joins.addEventListener("change", () => void attempt(label, "/chat/preferences/", { room, joins: joins.value }));
  return section(say.forYou, makeOrder(say.muteRoom, muted, "/chat/preferences/", (on) => ({ room, muted: on })), label);
}

/** @param {Details} room */
function drawTopic({ name, topic }) {
  const input = makeInput(topic);
  input.required = true;
  input.maxLength = 250;
  const set = () => order("/chat/send_msg/", { msg: `/topic ${input.value.trim()}`, room: name });
  return makeForm(say.setTopic, set, labelled(say.topic, input));
}

/** What people call the room. Its address stays. @param {Details} room @param {() => unknown} again */
function drawName({ name, title = name }, again) {
  const input = makeInput(title);
  input.required = true;
  input.maxLength = 32;
  input.autocapitalize = "none";
  input.spellcheck = false;
  const rename = () => order("/chat/room/rename/", { room: name, title: input.value.trim().replace(/^#/, "") }).then(again);
  return [makeForm(say.rename, rename, labelled(say.roomName, input)), ...(title === name ? [] : [make("p", "hint", say.madeAs(name))])];
}

/** @param {Details} room @param {() => unknown} again */
function drawUse({ name, role, private: hidden = false, locked = false, archived = false, slow = 0 }, again) {
  const change = "/chat/room/change/";
  const pause = makeInput(String(slow));
  pause.type = "number";
  pause.min = "0";
  pause.max = "3600";
  const owners = role !== "owner" ? [] : [
    ...(name === LOBBY ? [] : [makeOrder(say.isPrivate, hidden, change, (on) => ({ room: name, private: on }))]),
    makeOrder(say.isArchived, archived, change, (on) => ({ room: name, archived: on })),
  ];
  return [
    ...owners,
    makeOrder(say.isLocked, locked, change, (on) => ({ room: name, locked: on })),
    makeForm(say.setSlow, () => order(change, { room: name, slow: pause.value }).then(again), labelled(say.slow, pause)),
  ];
}
