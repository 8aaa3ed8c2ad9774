// A message that was found, in a dialog: who wrote it, where and when, and its text. It leads there.

import { keyOf } from "../model/conversation.js";
import { LOBBY } from "../model/rooms.js";
import { hides } from "../storage/settings.js";
import { calm } from "../text/limits.js";
import * as time from "../text/time.js";
import { words } from "../text/words.js";
import * as api from "../transport/api.js";
import { hue, make, press } from "../view/dom.js";
import { goTo } from "./reach.js";

/** @typedef {import("../session/session.js").Session} Session */

const PAGE = 20;

/**
 * Searches the messages.
 * @param {string} text @param {Record<string, string>} where the limits; empty: everywhere @param {number} [before]
 * @returns {Promise<{response: any[], more?: boolean}>} a page, and whether there is older
 */
export const ask = (text, where, before) =>
  api.ask(`/chat/search/?${new URLSearchParams({ ...where, q: text, before: `${before ?? ""}`, limit: `${PAGE}` })}`);

/** What of a message matters here, whatever its kind. @param {Session} session @param {any} item of a search */
export function partsOf({ chat }, item) {
  const whisper = item.kind === "whisper";
  const own = whisper ? item.data.own : item.d.nick === chat.me;
  const [other, user] = !whisper ? [] : item.data.own ? [item.data.to, item.to_id] : [item.data.from, item.from_id];
  return {
    own, other, user,
    nick: whisper ? item.data.from : item.d.nick,
    text: calm(whisper ? item.data.msg : item.d.msg),
    key: whisper ? chat.known(other, user)?.key ?? keyOf("person", other) : keyOf("room", item.room ?? LOBBY),
  };
}

/**
 * @param {Session} session @param {any} item of a search @param {string} query what is marked @param {() => void} [gone] it was gone to
 * @returns {HTMLButtonElement | null} null if it is of somebody whom the user ignores
 */
export function drawFound(session, item, query, gone) {
  const { chat } = session;
  const { nick, text, key, other, user } = partsOf(session, item);
  if (hides({ nick, id: item.id })) return null;
  const button = press("", async () => {
    const dialog = button.closest("dialog");
    button.querySelector(".error")?.remove();
    const tell = (/** @type {string} */ why) => button.append(make("span", "error", why));
    if (!await goTo(session, other ? chat.person(other, user).key : key, item.id, tell)) return;
    dialog?.close();
    gone?.();
  }, "entry");
  button.dataset.message = String(item.id);
  const excerpt = make("span", "text", make("span", "", ...marked(text, query)));
  excerpt.dir = "auto";
  const mark = item.edited ? ` · ${words.edited}` : "";
  button.append(
    make("span", "hint", make("strong", hue(nick), make("bdi", "", nick)), " · ", make("bdi", "", chat.find(key)?.title ?? key),
      ` · ${time.short(new Date(item.at))}${mark}`),
    // A button must not contain links, so the text is shown as it was typed.
    excerpt);
  return button;
}

/** A text in which what was searched is marked. @param {string} text @param {string} query words and "phrases" */
function marked(text, query) {
  const phrases = (query.match(/"[^"]*"|[^\s"]+/g) ?? [])
    // The server compares letters and digits; what is between the words of a phrase does not matter.
    .map((phrase) => phrase.match(/[\p{L}\p{M}\p{N}]+/gu)?.join("[^\\p{L}\\p{N}]+") ?? "")
    .filter(Boolean)
    .sort((a, b) => b.length - a.length);
  if (phrases.length === 0) return [text];
  // Of parts split at a group, each second one is what the group has found.
  return text.split(new RegExp(`(${phrases.join("|")})`, "giu")).map((part, i) => (i % 2 === 1 ? make("mark", "", part) : part));
}
