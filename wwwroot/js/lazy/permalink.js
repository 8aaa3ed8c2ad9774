// Opens the room or the message that the page's address names.

import { refusal, words } from "../text/words.js";
import * as api from "../transport/api.js";
import * as dropped from "../view/dropped.js";
import * as place from "../view/place.js";
import { reason } from "./orders.js";
import { goTo } from "./reach.js";
import { say } from "./settingsTexts.js";

// The poll that brings a room may come seconds after the answer to the command.
const PATIENCE = 10_000;
const LOOK = 100;

/** @typedef {import("../model/conversation.js").Conversation} Conversation */

/** @param {import("../session/session.js").Session} session @param {import("../view/place.js").Place} to */
export async function openPlace(session, to) {
  const { chat } = session;
  try {
    const found = to.kind === "room"
      ? chat.roomCalled(to.name) ?? await enter(session, to.name)
      : talk(chat.conversations.filter(({ kind }) => kind === "person"), to.name) ?? await other(session, to);
    if (!found) {
      // The address bar names what is open.
      place.arrived({ id: 0 }, chat.selected);
      return dropped.hint(say.noPlace);
    }
    place.arrived(to, found);
    session.select(found);
    if (to.id > 0 && !await goTo(session, found.key, to.id, dropped.hint, say.noPlace)) place.arrived({ id: 0 }, found);
  } catch (error) {
    dropped.hint(words.failed(error instanceof api.Lost ? refusal("lost") : reason(error)));
  }
}

/** The conversation with a user, by the id, or by a nick that only one of them has. @param {Conversation[]} people @param {string} user */
function talk(people, user) {
  const named = people.filter(({ name }) => name.toLowerCase() === user.toLowerCase());
  return people.find(({ id }) => id === user) ?? (named.length === 1 ? named[0] : undefined);
}

/**
 * The link is the other person's: there, the conversation is that with this user. The message says with whom.
 * @param {import("../session/session.js").Session} session @param {import("../view/place.js").Place} to
 * @returns {Promise<Conversation | undefined>}
 */
async function other({ chat, user }, { name, id }) {
  if (name !== user || id === 0) return undefined;
  const item = (await api.ask(`/chat/message/?id=${id}`).catch(() => null))?.response[0];
  if (item?.kind !== "whisper") return undefined;
  return item.data.own ? chat.person(item.data.to, item.to_id) : chat.person(item.data.from, item.from_id);
}

/**
 * Enters a public room. One that does not exist is not made: that is what commands are for.
 * @param {import("../session/session.js").Session} session @param {string} called @returns {Promise<Conversation | undefined>}
 */
async function enter(session, called) {
  const wanted = called.toLowerCase();
  /** @type {{name: string, title?: string}[]} */
  const rooms = await api.rooms();
  const room = rooms.find(({ name, title }) => name.toLowerCase() === wanted || title?.toLowerCase() === wanted);
  if (!room) return undefined;
  await api.join(room.name);
  for (let waited = 0; waited < PATIENCE; waited += LOOK) {
    const found = session.chat.roomCalled(room.name);
    if (found) {
      await loaded(found);
      return found;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK));
  }
  return undefined;
}

/** What was said before comes after the room itself. @param {Conversation} conversation */
async function loaded(conversation) {
  for (let waited = 0; waited < PATIENCE / 2 && !conversation.whole && conversation.lines.length < 2; waited += LOOK) {
    await new Promise((resolve) => setTimeout(resolve, LOOK));
  }
}
