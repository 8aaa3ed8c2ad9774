// Searches messages, and lists what it finds.

import * as api from "../transport/api.js";
import { make, press } from "../view/dom.js";
import { drawFound, partsOf } from "./found.js";
import { say } from "./settingsTexts.js";

/**
 * @param {import("../session/session.js").Session} session @param {HTMLElement} place of the results, in a dialog
 * @param {string} text @param {boolean} here only in the open conversation
 */
export async function search(session, place, text, here) {
  const { selected } = session.chat;
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
    const found = items.toReversed().filter((/** @type {any} */ item) => !here || partsOf(session, item).key === selected.key)
      .flatMap((/** @type {any} */ item) => drawFound(session, item, text) ?? []);
    if (before === undefined && found.length === 0) results.append(make("p", "hint", say.noResults));
    results.append(...found);
    before = items[0]?.id;
    more.hidden = !older;
  };

  await load();
}
