// Searches messages, and goes to one.

import { keyOf } from "../model/conversation.js";
import { LOBBY } from "../model/rooms.js";
import { calm } from "../text/limits.js";
import { parse } from "../text/markup.js";
import * as time from "../text/time.js";
import { words } from "../text/words.js";
import * as api from "../transport/api.js";
import { makeCheck, makeForm, makeInput, openDialog } from "./dialog.js";
import { hue, labelled, make, press } from "./dom.js";
import { rich } from "./rich.js";

/**
 * @param {import("../session/session.js").Session} session
 * @param {(key: string, id: number) => Promise<boolean>} go shows a message; false if it is too far back
 */
export function openSearch(session, go) {
  const { selected } = session.chat;
  let here = false;
  /** @type {number | undefined} */
  let before;
  const text = makeInput();
  text.type = "search";
  const results = make("div", "list");
  results.setAttribute("aria-live", "polite");
  const more = press(words.moreResults, () => void load().catch(() => { /* the user can press again */ }));
  more.hidden = true;

  const load = async () => {
    // The server can search a single room, but not a single private conversation.
    const { items, more: older } = await api.search(text.value, here && selected.kind === "room" ? selected.name : "", before);
    const found = items.toReversed().flatMap((/** @type {any} */ item) => entry(item) ?? []);
    if (before === undefined) results.replaceChildren(...(found.length ? found : [make("p", "hint", words.noResults)]));
    else results.append(...found);
    before = items[0]?.id;
    more.hidden = !older;
  };

  /** @param {any} item */
  const entry = (item) => {
    const whisper = item.kind === "whisper";
    const nick = whisper ? item.data.from : item.d.nick;
    const said = whisper ? item.data.msg : item.d.msg;
    const [other, id] = !whisper ? [] : item.data.own ? [item.data.to, item.to_id] : [item.data.from, item.from_id];
    const key = whisper ? keyOf("person", other) : keyOf("room", item.room ?? LOBBY);
    if (here && (whisper ? session.chat.known(other, id)?.key : key) !== selected.key) return null;
    const button = press("", async () => {
      if (await go(whisper ? session.chat.person(other, id).key : key, item.id)) dialog.close();
      else button.append(make("span", "error", words.tooFarBack));
    }, "entry");
    button.append(
      make("span", "hint", make("strong", hue(nick), nick), ` · ${key} · ${time.short(new Date(item.at))}`),
      // A button must not contain links, so only the text is shown.
      make("span", "text", make("span", "",
        ...rich(parse(calm(said), "")).map((node) => (typeof node === "string" ? node : node.textContent ?? "")))));
    return button;
  };

  const form = makeForm(words.search, () => {
    before = undefined;
    return load();
  }, labelled(words.searchFor, text), makeCheck(words.searchHere, here, (on) => (here = on)));
  const dialog = openDialog(words.search, form, results, more);
  text.focus();
}
