// Reactions to a message, as buttons below it, and the calls that add and remove the user's own.

import { hides } from "../storage/settings.js";
import { words } from "../text/words.js";
import * as api from "../transport/api.js";
import { newKey } from "../transport/outbox.js";
import { find, make, press } from "../view/dom.js";
import * as dropped from "../view/dropped.js";
import * as timeline from "../view/timeline.js";
import { reason } from "./orders.js";
import { say } from "./settingsTexts.js";

/** @typedef {import("../model/line.js").Line} Line */
/** @typedef {import("../session/session.js").Session} Session */
/** @typedef {{emoji: string, user: string, nick: string, on: boolean}} Change */

/** Those that take one press. */
export const QUICK = ["👍", "❤️", "😂"];
// How many nicks a button names.
const NAMED = 20;

/** One call after the other, so that the last press decides. */
let calls = Promise.resolve();

/** @param {Line} line @param {string} emoji */
export const isMine = ({ reactions = [] }, emoji) => reactions.some((one) => one.emoji === emoji && one.mine);

/**
 * Shows the user's reaction at once, and takes it back if the server refuses it.
 * @param {Session} session @param {Line} line @param {string} emoji @param {boolean} on
 */
export function react(session, line, emoji, on) {
  if (isMine(line, emoji) === on) return;
  const own = (/** @type {boolean} */ now) => {
    // The message may have been edited since: then it has another line.
    const current = rowOf(line)?.line ?? line;
    merge(current, [{ emoji, user: session.user, nick: session.chat.me, on: now }], session.user);
    redraw(session, current);
  };
  own(on);
  calls = calls.then(() => api.call("/chat/react/", { form: { id: String(line.id), emoji, on: on ? "1" : "0", key: newKey() } }))
    .catch((error) => {
      own(!on);
      dropped.hint(words.failed(reason(error)));
    });
}

/**
 * Applies changes. The user's own may have been shown before.
 * @param {Line} line @param {Change[]} changes @param {string} me the user's id
 */
export function merge(line, changes, me) {
  const all = (line.reactions ??= []);
  for (const { emoji, user, nick, on } of changes) {
    let one = all.find((other) => other.emoji === emoji);
    if (!one) all.push(one = { emoji, count: 0, mine: false, nicks: [] });
    const own = user === me;
    if (own && one.mine === on) continue;
    if (own) one.mine = on;
    one.count += on ? 1 : -1;
    const named = one.nicks.indexOf(nick);
    if (on && named < 0) one.nicks.push(nick);
    else if (!on && named >= 0) one.nicks.splice(named, 1);
    if (one.count <= 0) all.splice(all.indexOf(one), 1);
  }
}

/** @param {Session} session @param {Line} line @param {HTMLElement} message */
export function draw(session, line, message) {
  if (shownOf(line).length === 0) return;
  const box = make("div", "reactions");
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", say.reactions);
  fill(session, line, box);
  message.append(box);
}

/** Draws the reactions of a message anew, if it is on the page. @param {Session} session @param {Line} line */
export function redraw(session, line) {
  const message = /** @type {HTMLElement | null | undefined} */ (rowOf(line)?.element.querySelector(".message"));
  if (!message) return;
  timeline.adjust(() => {
    const box = /** @type {HTMLElement | null} */ (message.querySelector(".reactions"));
    if (!box) return draw(session, line, message);
    const had = box.contains(document.activeElement);
    fill(session, line, box);
    if (box.childElementCount === 0) box.remove();
    // The keyboard must not lose its place with the button.
    if (had && !box.contains(document.activeElement)) (box.querySelector("button") ?? find("#messages")).focus({ preventScroll: true });
  });
}

/** @param {Line} line */
const rowOf = ({ id, era }) => timeline.drawn().find(({ line }) => line.id === id && line.era === era && !line.presence);

/** Without those of people who are ignored. @param {Line} line */
const shownOf = ({ reactions = [] }) => reactions.map((one) => {
  const nicks = one.nicks.filter((nick) => !hides({ nick, id: Number.MAX_SAFE_INTEGER }));
  return { ...one, nicks, count: one.count - (one.nicks.length - nicks.length) };
}).filter(({ count }) => count > 0);

/** Keeps the buttons that stay, with the focus. @param {Session} session @param {Line} line @param {HTMLElement} box */
function fill(session, line, box) {
  const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (box.querySelectorAll("button"));
  const old = new Map([...buttons].map((one) => [one.dataset.emoji, one]));
  const shown = shownOf(line);
  for (const [emoji, button] of old) {
    if (!shown.some((one) => one.emoji === emoji)) button.remove();
  }
  for (const { emoji, count, mine, nicks } of shown) {
    const button = old.get(emoji) ?? press("", () => react(session, line, emoji, !isMine(line, emoji)), "quiet reaction");
    button.dataset.emoji = emoji;
    button.replaceChildren(make("span", "", emoji), ` ${count}`);
    button.setAttribute("aria-pressed", String(mine));
    const label = say.reacted(emoji, count, nicks.slice(0, NAMED), count - Math.min(NAMED, nicks.length));
    button.setAttribute("aria-label", label);
    button.title = label;
    if (!button.parentElement) box.append(button);
  }
}
