// The open conversation's messages. Only a window of about two hundred lines is in the page. It moves with the
// scrolling, without moving what the user sees.

import * as time from "../text/time.js";
import { words } from "../text/words.js";
import { find } from "./dom.js";
import { Older } from "./older.js";
import { addressOf } from "./place.js";
import { drawRow, shapeOf } from "./row.js";

/** @typedef {import("../model/line.js").Line} Line */
/** @typedef {import("../model/conversation.js").Conversation} Conversation */

const MOST = 200;
const STEP = 60;
// How many lines a frame adds while the user scrolls. More would take it longer than the screen waits for it.
const MORE = 20;
const MARGIN = 900;
const NEAR_END = 40;
// Lines that are shown above the first unread one.
const CONTEXT = 10;
// How long, in ms, lines are on the screen until they count as read. While scrolling, this also saves work.
const READ = 150;
// How often to look whether a day has passed, in ms.
const TURN = 15_000;

const box = find("#messages");
const lines = find("#lines");
const latest = find("#latest");

/** @type {Conversation | undefined} */
let shown;
let version = -1;
/** The window: lines from start up to end. */
let start = 0;
let end = 0;
/** Whether the last line is in view, so that the page follows new ones. */
let atEnd = true;
let me = "";
let frame = 0;
let looking = 0;
let seeking = false;
/** @type {Map<Line, {element: HTMLElement, shape: string}>} */
let rows = new Map();
/** To where the times of the rows lead. */
let address = "";
/** @type {{older: (conversation: Conversation) => Promise<boolean>, seen: (conversation: Conversation, line: Line) => void,
 *   newer: (part: Conversation) => void, present: () => void}}  newer: loads what follows a part far back; present: leaves that part */
let host;
const older = new Older((conversation) => host.older(conversation), scrolled);

/** @param {typeof host} handlers */
export function begin(handlers) {
  host = handlers;
  box.addEventListener("scroll", () => (frame ||= requestAnimationFrame(scrolled)), { passive: true });
  latest.addEventListener("click", toEnd);
  // A phone's keyboard shrinks the list. Stay at the end.
  new ResizeObserver(() => atEnd && stick()).observe(box);
  document.addEventListener("visibilitychange", look);
  const turn = () => time.turned() && redraw();
  document.addEventListener("visibilitychange", turn);
  setInterval(turn, TURN);
  addEventListener("focus", look);
}

/** @param {Conversation} conversation @param {string} nick the user's own */
export function draw(conversation, nick) {
  const [first] = rows.keys();
  // A part far back that was read up to the newest lines is one with them now.
  if (first && conversation !== shown && conversation.lines.includes(first)) [shown, version] = [conversation, -1];
  if (conversation !== shown || nick !== me || (seeking && !conversation.seeking)) {
    shown = conversation;
    me = nick;
    rows = new Map();
    lines.replaceChildren();
    if (conversation.target) jump(conversation.target);
    else openAtUnread(conversation);
  } else if (version !== conversation.version) {
    update(conversation);
  }
  ({ seeking } = conversation);
  older.draw(conversation);
  drawLatest();
  look();
}

/** Opens where the unread begins, or at the end. @param {Conversation} conversation */
function openAtUnread(conversation) {
  const count = conversation.lines.length;
  const marked = conversation.marker ? conversation.indexOf(conversation.marker) : count;
  start = Math.max(0, Math.min(count - STEP, marked - CONTEXT));
  end = Math.min(count, start + MOST);
  render(false);
  toMarker();
}

/** Lines were added at either end. The window keeps what it showed. @param {Conversation} conversation */
function update(conversation) {
  const first = rows.keys().next().value;
  if (atEnd) {
    end = conversation.lines.length;
    start = Math.max(0, end - MOST, Math.min(start, end - STEP));
    render(false);
    // Whoever comes, or comes back, begins where the new lines do.
    if (first && document.hasFocus()) stick();
    else toMarker();
  } else {
    const was = end - start;
    const begins = first ? conversation.indexOf(first) : 0;
    start = Math.max(0, begins);
    end = Math.min(conversation.lines.length, start + Math.max(was, STEP));
    render(true);
    scrolled();
  }
}

/** Lines look different now, because of something other than themselves. */
export function redraw() {
  render(!atEnd);
  if (atEnd) stick();
}

/** Changes the rows without moving what is visible. @param {() => void} change */
function keepPlace(change) {
  const isVisible = (/** @type {HTMLElement} */ element) => element.getBoundingClientRect().bottom > box.getBoundingClientRect().top;
  const [anchor, old] = [...rows].find(([, { element }]) => isVisible(element)) ?? [];
  const before = old?.element.getBoundingClientRect().top ?? 0;
  change();
  // The row may have been drawn anew.
  const now = anchor && rows.get(anchor)?.element;
  if (now) box.scrollTop += now.getBoundingClientRect().top - before;
}

/** Changes parts of rows: the end stays in view, or else what is visible stays in its place. @param {() => void} change */
export function adjust(change) {
  if (!atEnd) return keepPlace(change);
  change();
  stick();
}

/** @param {boolean} keep whether the visible lines must not move */
function render(keep) {
  if (keep) keepPlace(renderRows);
  else renderRows();
}

function renderRows() {
  if (!shown) return;
  version = shown.version;
  const wanted = new Set(shown.lines.slice(start, end));
  for (const [line, { element }] of rows) {
    if (!wanted.has(line)) element.remove();
  }
  /** @type {typeof rows} */
  const next = new Map();
  // Of a person, the id may be known only now.
  const was = address;
  address = addressOf(shown.kind, shown.id ?? shown.name);
  let place = lines.firstChild;
  for (let i = start; i < end; i++) {
    const line = shown.lines[i];
    const shape = shapeOf(line, shown.lines[i - 1], shown.marker !== null && shown.lines[i - 1] === shown.marker, shown.room);
    let row = rows.get(line);
    if (row && (row.shape !== shape || was !== address)) {
      const element = drawRow(line, shape, me, shown.room, address);
      if (row.element.querySelector(".found")) element.querySelector(".message, .system")?.classList.add("found");
      if (place === row.element) place = element;
      row.element.replaceWith(element);
      row = { element, shape };
    }
    row ??= { element: drawRow(line, shape, me, shown.room, address), shape };
    next.set(line, row);
    if (place === row.element) place = place.nextSibling;
    else lines.insertBefore(row.element, place);
  }
  rows = next;
}

function scrolled() {
  frame = 0;
  if (!shown) return;
  const below = box.scrollHeight - box.scrollTop - box.clientHeight;
  const count = shown.lines.length;
  if (box.scrollTop < MARGIN && start > 0) {
    start = Math.max(0, start - MORE);
    end = Math.min(end, start + MOST);
    render(true);
  } else if (below < MARGIN && end < count) {
    end = Math.min(count, end + MORE);
    start = Math.max(start, end - MOST);
    render(true);
  }
  const left = end === count ? box.scrollHeight - box.scrollTop - box.clientHeight : Infinity;
  atEnd = left < NEAR_END && !shown.newer;
  if (left < MARGIN && shown.newer) host.newer(shown);
  if (box.scrollTop < MARGIN && start === 0) void older.load(shown);
  drawLatest();
  look();
}

function drawLatest() {
  latest.hidden = atEnd;
  if (!atEnd && shown) latest.textContent = `${shown.unread ? words.jumpWithNews(shown.unread) : words.jumpToNewest} ↓`;
}

/** Lines that are on the screen count as read. */
function look() {
  if (atEnd) see();
  else looking ||= setTimeout(see, READ);
}

function see() {
  clearTimeout(looking);
  looking = 0;
  if (!shown || shown.seeking || !document.hasFocus() || document.hidden) return;
  const bottom = box.getBoundingClientRect().bottom;
  // Of a line that is taller than the window, its beginning counts.
  const isSeen = (/** @type {HTMLElement} */ row) => {
    const { top, height } = row.getBoundingClientRect();
    return top + Math.min(height, box.clientHeight / 2) <= bottom;
  };
  const last = atEnd ? shown.lines.at(-1) : shown.unread > 0 && [...rows].findLast(([, { element }]) => isSeen(element))?.[0];
  if (last) host.seen(shown, last);
}

function stick() {
  box.scrollTop = box.scrollHeight;
}

export function toEnd() {
  if (shown?.newer) host.present();
  if (!shown) return;
  end = shown.lines.length;
  start = Math.max(0, end - STEP);
  render(false);
  stick();
  atEnd = true;
  drawLatest();
  look();
}

/** Scrolls to where the unread begins, unless it is in view. */
function toMarker() {
  stick();
  const marker = lines.querySelector(".new");
  if (marker && marker.getBoundingClientRect().top < box.getBoundingClientRect().top) marker.scrollIntoView();
  scrolled();
}

/** @param {Element | null} element of a line */
export const lineOf = (element) => [...rows].find((one) => one[1].element === element)?.[0];

/** Shows a line and highlights it. @param {Line} line */
export function jump(line) {
  if (!shown) return;
  const at = shown.indexOf(line);
  start = Math.max(0, at - STEP);
  end = Math.min(shown.lines.length, at + STEP);
  atEnd = false;
  render(false);
  const row = rows.get(line)?.element.querySelector(".message, .system");
  row?.scrollIntoView({ block: "center" });
  row?.classList.add("found");
  scrolled();
}

/** The lines that are drawn, each with its row. */
export const drawn = () => [...rows].map(([line, { element }]) => ({ line, element }));

/** @param {number} pages */
export const scrollBy = (pages) => box.scrollBy({ top: pages * box.clientHeight * 0.85 });

/** Draws unsent letters below the lines. @param {Node[]} elements */
export function drawPending(elements) {
  find("#pending").replaceChildren(...elements);
  if (atEnd) stick();
}
