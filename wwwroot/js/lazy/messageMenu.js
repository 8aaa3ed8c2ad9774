// The menu of a message. A button opens it, which is at the message under the pointer, or at the one chosen with ↑ and ↓.
// On a touch screen, a long press does.

import * as api from "../transport/api.js";
import * as dropped from "../view/dropped.js";
import { find, make, press } from "../view/dom.js";
import * as timeline from "../view/timeline.js";
import { edit } from "./editing.js";
import { openMenu } from "./menu.js";
import { openDelete, openEarlier } from "./messageDialogs.js";
import { say } from "./settingsTexts.js";

/** @typedef {import("../session/session.js").Session} Session */
/** @typedef {import("../model/line.js").Line} Line */

// How long a press is a long one, in ms, and how far a finger may move meanwhile, in px. Browsers select text after 500 ms.
const LONG = 450;
const STILL = 10;
// How long it is believed, in ms, whether the user moderates a room.
const ROLE = 30_000;

const box = find("#messages");
const lines = find("#lines");
const button = press("⋯", () => void open(button), "icon");
button.setAttribute("aria-haspopup", "menu");
const bar = make("div", "actions", button);
/** @type {Map<string, {at: number, moderates: Promise<boolean>}>} */
const roles = new Map();
/** @type {Session | undefined} */
let session;

/** The pointer or the focus is somewhere in the messages. @param {Session} now @param {Event} event */
export function reach(now, event) {
  if (!session) begin();
  session = now;
  const touches = event instanceof PointerEvent && event.pointerType === "touch";
  // The button stays where the keyboard has put it.
  const stays = event.type === "pointerover" && button.matches(":focus-visible");
  if (!touches && !stays && event.target instanceof Element) show(event.target.closest("#lines .message"));
}

function begin() {
  box.addEventListener("pointerleave", () => button.matches(":focus-visible") || bar.remove());
  box.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    event.preventDefault();
    choose(step);
  });
  beginTouch();
}

/** Puts the button at the next message. @param {number} step */
function choose(step) {
  const all = [...lines.querySelectorAll(".message")];
  const { top, bottom } = box.getBoundingClientRect();
  const isBefore = (/** @type {Element} */ one) => one.getBoundingClientRect().top < bottom - STILL;
  const isAfter = (/** @type {Element} */ one) => one.getBoundingClientRect().bottom > top + STILL;
  const at = all.indexOf(document.activeElement?.closest(".message"));
  const next = at >= 0 ? all[at + step] : step < 0 ? all.findLast(isBefore) : all.find(isAfter);
  if (!next) return;
  show(next);
  next.scrollIntoView({ block: "nearest" });
  button.focus({ preventScroll: true });
}

/** @param {Element | null | undefined} message */
function show(message) {
  if (!message || message === bar.parentElement) return;
  const line = timeline.lineOf(message.closest(".row"));
  if (!line || !session) return;
  button.setAttribute("aria-label", say.messageActions(line.nick ?? "", line.text.slice(0, 100)));
  button.title = say.moreActions;
  message.append(bar);
  // Asked for in advance, so that the menu opens at once.
  if (!line.own || line.edited) void moderates();
}

/** Whether the user may delete what others write in the open room. @returns {Promise<boolean>} */
async function moderates() {
  const { kind, name } = /** @type {Session} */ (session).chat.selected;
  if (kind !== "room") return false;
  let role = roles.get(name);
  if (!role || performance.now() - role.at > ROLE) {
    const asked = api.call(`/chat/room/?room=${encodeURIComponent(name)}`).then(({ response }) => response.role !== "member", () => false);
    roles.set(name, role = { at: performance.now(), moderates: asked });
  }
  return role.moderates;
}

/** Opens the menu of a message. @param {HTMLElement} anchor in the message */
async function open(anchor) {
  const line = timeline.lineOf(anchor.closest(".row"));
  if (!line || !session) return;
  const { chat } = session;
  const { own, era, edited, nick = "" } = line;
  const mayDelete = (!own || edited) && era === chat.era && await moderates();
  /** @type {{label: string, run: () => void, grave?: boolean}[]} */
  const actions = [{ label: say.copyText, run: () => void copy(line.text) }];
  // Lines of an earlier log cannot be changed.
  if (own && era === chat.era) actions.unshift({ label: say.editMessage, run: () => edit(line) });
  if (edited && mayDelete) actions.push({ label: say.earlier, run: () => void openEarlier(line) });
  if ((own || mayDelete) && era === chat.era) actions.push({ label: say.deleteMessage, run: () => openDelete(line), grave: true });
  if (anchor.isConnected) openMenu(anchor, nick, actions);
}

/** @param {string} text */
async function copy(text) {
  try {
    // Without https there is no clipboard.
    if (!navigator.clipboard) throw new Error("no clipboard");
    await navigator.clipboard.writeText(text);
  } catch {
    const area = make("textarea", "unseen");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  dropped.hint(say.copied);
}

/** A long press marks the message, and its end opens the menu: one that opened before would be closed by lifting the finger. */
function beginTouch() {
  let timer = 0;
  let [x, y] = [0, 0];
  /** @type {HTMLElement | undefined} */
  let held;
  const release = () => {
    clearTimeout(timer);
    timer = 0;
    held?.classList.remove("held");
    held = undefined;
  };
  lines.addEventListener("touchstart", (/** @type {TouchEvent} */ event) => {
    release();
    const message = event.target instanceof Element && !event.target.closest("a, button") && event.target.closest(".message");
    if (!message || event.touches.length > 1) return;
    ({ clientX: x, clientY: y } = event.touches[0]);
    timer = setTimeout(() => {
      held = /** @type {HTMLElement} */ (message);
      held.classList.add("held");
      navigator.vibrate?.(10);
    }, LONG);
  }, { passive: true });
  lines.addEventListener("touchmove", (/** @type {TouchEvent} */ event) => {
    const { clientX, clientY } = event.touches[0];
    if (Math.hypot(clientX - x, clientY - y) > STILL) release();
  }, { passive: true });
  lines.addEventListener("touchcancel", release);
  lines.addEventListener("touchend", (/** @type {TouchEvent} */ event) => {
    const message = held;
    release();
    if (!message) return;
    // No click follows, which could close the menu.
    event.preventDefault();
    void open(message);
  });
  lines.addEventListener("contextmenu", (/** @type {Event} */ event) => (timer || held) && event.preventDefault());
}
