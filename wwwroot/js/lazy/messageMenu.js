// What can be done with a message: buttons to react, to reply, and to open its menu. They are at the message under the pointer, or at the
// one chosen with ↑ and ↓. On a touch screen, a long press opens the menu, which then has all of this.

import * as dropped from "../view/dropped.js";
import { find, make, press, stepOf } from "../view/dom.js";
import { addressOf, arrived } from "../view/place.js";
import * as timeline from "../view/timeline.js";
import { edit } from "./editing.js";
import { openPicker } from "./emojiPicker.js";
import { openMenu } from "./menu.js";
import { openDelete, openEarlier } from "./messageDialogs.js";
import * as pins from "./pins.js";
import { excerpt } from "./quotes.js";
import { isMine, QUICK, react } from "./reactions.js";
import { moderates } from "./role.js";
import { say } from "./settingsTexts.js";

/** @typedef {import("../session/session.js").Session} Session */
/** @typedef {import("../model/line.js").Line} Line */

// How long a press is a long one, in ms, and how far a finger may move meanwhile, in px. Browsers select text after 500 ms.
const LONG = 450;
const STILL = 10;

const box = find("#messages");
const lines = find("#lines");
const button = press("⋯", () => void open(button), "icon");
button.setAttribute("aria-haspopup", "menu");
const quick = make("div", "quick");
const bar = make("div", "toolbar", quick, make("div", "actions", button));
/** @type {Session | undefined} */
let session;
/** @type {() => void} */
let changed;

/** @param {Session} now @param {() => void} draw */
export function prepare(now, draw) {
  if (!session) begin();
  [session, changed] = [now, draw];
}

/** The pointer or the focus is somewhere in the messages. @param {Session} now @param {Event} event @param {() => void} draw */
export function reach(now, event, draw) {
  prepare(now, draw);
  const touches = event instanceof PointerEvent && event.pointerType === "touch";
  // The buttons stay where the keyboard has put them, and where what they opened belongs.
  const stays = event.type === "pointerover" && isHeld();
  if (touches || stays || !(event.target instanceof Element)) return;
  // While this file was being loaded, the pointer or the focus may have gone on.
  if (event.target.matches(":hover, :focus")) show(event.target.closest("#lines .message"));
}

function begin() {
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", say.quickActions);
  quick.append(
    ...QUICK.map((emoji) => {
      const one = press(emoji, () => withLine((line) => toggle(line, emoji)), "icon");
      one.dataset.emoji = emoji;
      return labelled(one, say.reactWith(emoji));
    }),
    labelled(press("☺", () => withLine((line) => chooseReaction(line, quick.children[QUICK.length])), "icon"), say.reactOther),
    labelled(press("↩", () => withLine(reply), "icon"), say.reply));
  bar.addEventListener("keydown", (event) => {
    const step = stepOf(event);
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    const all = [...bar.querySelectorAll("button")];
    all[all.indexOf(/** @type {HTMLButtonElement} */ (event.target)) + step]?.focus();
    event.preventDefault();
  });
  box.addEventListener("pointerleave", () => isHeld() || bar.remove());
  box.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    event.preventDefault();
    choose(step);
  });
  lines.addEventListener("click", followTime);
  beginTouch();
}

/** The time of a message is a link to it, but this page need not be loaded again. @param {MouseEvent} event */
function followTime(event) {
  const link = event.target instanceof Element && event.target.closest("time a");
  if (!link || !session || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const line = timeline.lineOf(link.closest(".row"));
  if (!line) return;
  event.preventDefault();
  arrived(line, session.chat.selected);
  timeline.jump(line);
}

const isHeld = () => bar.querySelector(":focus-visible") !== null || find(".menu, .picker") !== null;

/** @param {HTMLButtonElement} one @param {string} label */
function labelled(one, label) {
  one.title = label;
  one.setAttribute("aria-label", label);
  return one;
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
  for (const one of /** @type {NodeListOf<HTMLElement>} */ (quick.querySelectorAll("[data-emoji]"))) {
    one.setAttribute("aria-pressed", String(isMine(line, one.dataset.emoji ?? "")));
  }
  // Lines of an earlier log cannot be answered.
  quick.hidden = line.era !== session.chat.era;
  message.append(bar);
  // Asked for in advance, so that the menu opens at once.
  void moderates(session.chat.selected);
}

/** Does something with the message at which the buttons are. @param {(line: Line) => void} run */
function withLine(run) {
  const line = timeline.lineOf(bar.closest(".row"));
  if (line && session) run(line);
}

/** @param {Line} line @param {string} emoji */
function toggle(line, emoji) {
  react(/** @type {Session} */ (session), line, emoji, !isMine(line, emoji));
  quick.querySelector(`[data-emoji="${emoji}"]`)?.setAttribute("aria-pressed", String(isMine(line, emoji)));
}

/** @param {Line} line @param {Element} anchor */
const chooseReaction = (line, anchor) =>
  openPicker(/** @type {HTMLElement} */ (anchor), (emoji) => react(/** @type {Session} */ (session), line, emoji, true));

/** The next message will answer this one. @param {Line} line */
function reply({ id, nick = "", text }) {
  const { chat } = /** @type {Session} */ (session);
  chat.selected.reply = { id, nick, text: excerpt(text) };
  changed();
  find("#input").focus();
}

/** Opens the menu of a message. @param {HTMLElement} anchor in the message, or the message itself if it was touched */
async function open(anchor) {
  const line = timeline.lineOf(anchor.closest(".row"));
  if (!line || !session) return;
  const { chat } = session;
  const { own, era, edited, id, nick = "" } = line;
  const { room } = chat.selected;
  const mayDelete = era === chat.era && await moderates(chat.selected);
  /** @type {import("./menu.js").Action[]} */
  const actions = [{ label: say.copyText, run: () => void copy(line.text) }];
  const { kind, name } = chat.selected;
  if (kind === "room" && era === chat.era) {
    actions.push({ label: say.copyLink, run: () => void copy(location.origin + addressOf(kind, name, id)) });
  }
  // Lines of an earlier log cannot be changed.
  if (own && era === chat.era) actions.unshift({ label: say.editMessage, run: () => edit(line) });
  if (anchor !== button && era === chat.era) {
    actions.unshift(
      ...QUICK.map((emoji) => ({ label: emoji, name: say.reactWith(emoji), run: () => toggle(line, emoji) })),
      { label: say.reactOther, run: () => chooseReaction(line, anchor) },
      { label: say.reply, run: () => reply(line) });
  }
  if (mayDelete) {
    const pinned = pins.isPinned(session, room, id);
    actions.push({ label: pinned ? say.unpin : say.pin, run: () => void pins.pin(id, !pinned) });
  }
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
