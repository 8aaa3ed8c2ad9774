// Searches messages, and goes to one.

import { keyOf } from "../model/conversation.js";
import { LOBBY } from "../model/rooms.js";
import { hides } from "../storage/settings.js";
import { calm } from "../text/limits.js";
import * as time from "../text/time.js";
import { words } from "../text/words.js";
import * as api from "../transport/api.js";
import { hue, make, press } from "../view/dom.js";
import { goTo } from "./reach.js";
import { say } from "./settingsTexts.js";

/**
 * @param {import("../session/session.js").Session} session @param {HTMLElement} place of the results, in a dialog
 * @param {string} text @param {boolean} here only in the open conversation
 */
export async function search(session, place, text, here) {
  const { chat } = session;
  const { selected } = chat;
  /** @type {number | undefined} */
  let before;
  const results = make("div", "list");
  results.setAttribute("aria-live", "polite");
  const more = press(say.moreResults, () => void load().catch(() => { /* the user can press again */ }));
  more.hidden = true;
  place.replaceChildren(results, more);

  const load = async () => {
    // The server can search a single room, but not a single private conversation.
    const { items, more: older } = await api.search(text, here && selected.kind === "room" ? selected.name : "", before);
    const found = items.toReversed().flatMap((/** @type {any} */ item) => entry(item) ?? []);
    if (before === undefined && found.length === 0) results.append(make("p", "hint", say.noResults));
    results.append(...found);
    before = items[0]?.id;
    more.hidden = !older;
  };

  /** @param {any} item */
  const entry = (item) => {
    const whisper = item.kind === "whisper";
    const nick = whisper ? item.data.from : item.d.nick;
    if (hides({ nick, id: item.id })) return null;
    const said = whisper ? item.data.msg : item.d.msg;
    const [other, id] = !whisper ? [] : item.data.own ? [item.data.to, item.to_id] : [item.data.from, item.from_id];
    const key = whisper ? keyOf("person", other) : keyOf("room", item.room ?? LOBBY);
    if (here && (whisper ? chat.known(other, id)?.key : key) !== selected.key) return null;
    const button = press("", async () => {
      const tell = (/** @type {string} */ text) => button.append(make("span", "error", text));
      if (await goTo(session, whisper ? chat.person(other, id).key : key, item.id, tell)) place.closest("dialog")?.close();
    }, "entry");
    button.dataset.message = String(item.id);
    const mark = item.edited ? ` · ${words.edited}` : "";
    button.append(
      make("span", "hint", make("strong", hue(nick), nick), ` · ${chat.find(key)?.title ?? key} · ${time.short(new Date(item.at))}${mark}`),
      // A button must not contain links, so the text is shown as it was typed.
      make("span", "text", make("span", "", ...marked(calm(said), text))));
    return button;
  };

  await load();
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
