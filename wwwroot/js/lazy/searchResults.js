// Searches messages, in a room, of a person or before a day, and lists what it finds.

import { makeInput, makeSelect } from "../view/dialog.js";
import { labelled, make, press } from "../view/dom.js";
import * as dropped from "../view/dropped.js";
import { ask, drawFound } from "./found.js";
import { say } from "./settingsTexts.js";

/** @typedef {import("../session/session.js").Session} Session */

// Where to search, besides a room.
const EVERYWHERE = "";
const HERE = "here";

/** Counts the searches: only the newest may show what it found. */
let latest = 0;
/** The message that was gone to last: opening the search again leads back to it. */
let chosen = 0;

/** Adds the fields that narrow the search. What was chosen before stays. @param {Session} session @param {HTMLElement} limits */
export function fill({ chat }, limits) {
  const rooms = chat.conversations.filter(({ kind }) => kind === "room")
    .map(({ name, title }) => /** @type {const} */ ([`#${name}`, title]));
  const old = /** @type {HTMLSelectElement | null} */ (limits.querySelector("select"));
  const where = makeSelect([[EVERYWHERE, say.everywhere], [HERE, say.searchHere], ...rooms], old?.value ?? EVERYWHERE);
  // A room that was left.
  if (where.selectedIndex < 0) where.value = EVERYWHERE;
  if (old) return old.replaceWith(where);
  const nick = makeInput();
  nick.name = "nick";
  nick.maxLength = 64;
  nick.autocapitalize = "none";
  nick.spellcheck = false;
  const day = makeInput();
  day.type = "date";
  day.min = "1970-01-01";
  day.max = "9999-12-31";
  limits.append(labelled(say.searchWhere, where), labelled(say.writtenBy, nick), labelled(say.beforeDay, day));
}

/** @param {Session} session @param {HTMLElement} limits */
function read({ chat: { selected } }, limits) {
  const value = (/** @type {string} */ field) => /** @type {HTMLInputElement | null} */ (limits.querySelector(field))?.value.trim() ?? "";
  const where = value("select");
  const day = value("[type=date]");
  const here = where === HERE ? selected : null;
  return {
    room: here ? here.room : where.slice(1),
    with_id: here?.id ?? "",
    with: here?.kind === "person" && !here.id ? here.name : "",
    nick: value("[name=nick]").replace(/^@/, ""),
    // The day begins at midnight here.
    until: day && new Date(`${day}T00:00`).toISOString(),
  };
}

/**
 * @param {Session} session @param {HTMLElement} place of the results, in a dialog @param {string} text
 * @param {HTMLElement} limits the fields that narrow the search
 */
export async function search(session, place, text, limits) {
  const turn = ++latest;
  const where = read(session, limits);
  /** @type {number | undefined} */
  let before;
  const results = make("div", "list");
  results.setAttribute("aria-live", "polite");
  const more = press(say.moreResults, () => void load().catch(() => { /* the user can press again */ }));
  more.hidden = true;

  const load = async () => {
    const { response: items, more: older } = await ask(text, where, before);
    if (turn !== latest) return;
    const found = items.toReversed().flatMap((item) => drawFound(session, item, text, () => leaveFor(item.id)) ?? []);
    if (before === undefined) place.replaceChildren(results, more);
    if (before === undefined && found.length === 0) results.append(make("p", "hint", say.noResults));
    results.append(...found);
    before = items[0]?.id;
    more.hidden = !older;
  };

  try {
    await load();
  } catch (error) {
    if (turn !== latest) return;
    place.replaceChildren();
    throw error;
  }
  const last = results.querySelector(`[data-message="${chosen}"]`);
  last?.setAttribute("aria-current", "true");
  last?.scrollIntoView({ block: "nearest" });
}

/** @param {number} id */
function leaveFor(id) {
  chosen = id;
  dropped.hint(say.backToResults);
}
