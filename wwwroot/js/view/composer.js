// The message box: a draft per conversation, a counter near the limit, and recall of sent messages.

import { settings } from "../storage/settings.js";
import { own } from "../storage/store.js";
import { isBlank, measure } from "../text/limits.js";
import { isBegun, withoutSecret } from "../text/secret.js";
import { words } from "../text/words.js";
import { find, isComposing } from "./dom.js";
import * as suggestions from "./suggestions.js";

const DRAFTS = "erlchat.drafts";
const RECALL = 50;
const SAVE = 500;
// Far more than may be sent.
const ENDLESS = 20_000;

const form = find("#send");
const input = find("#input");
const button = find("#send-button");
const counter = find("#counter");
const fine = matchMedia("(pointer: fine)");
/**
 * By nick and conversation. In this tab only: they outlive the session, and another user must not see them.
 * @type {Record<string, string>}
 */
let drafts = own.read(DRAFTS, {});
let saving = 0;
/** Sent messages by nick and conversation, never a password. @type {Map<string, string[]>} */
const recalls = new Map();
let recalled = -1;
let place = "";
/** @type {import("../text/limits.js").Limits} */
let limits = { message: 2000 };
let allowed = false;
let writtenAt = -Infinity;
/** @typedef {{text: string, send: (text: string) => void, ended: () => void}} Editing a message, in place of the draft */
/** @type {Editing | null} */
let editing = null;

/**
 * @param {{send: (text: string) => void, authenticate: () => void, editLast: () => boolean, typed: (text: string) => void,
 *   refuses: (text: string) => boolean}} host
 *   authenticate: the user began to type the password here; editLast: edits the user's last message, if possible;
 *   typed: the user changed the text of a new message; refuses: whether the text stays in the box, because it cannot be meant
 */
export function begin(host) {
  form.addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    input.focus();
    const text = input.value.trimEnd();
    if (isBlank(text) || !allowed || tooMuch(measure(text, limits))) return;
    suggestions.close();
    const rest = withoutSecret(text);
    if (rest !== text) {
      set(rest);
      return host.authenticate();
    }
    if (editing) return editing.send(text);
    if (host.refuses(text)) return;
    const sent = recallOf(place);
    sent.push(text);
    sent.splice(0, sent.length - RECALL);
    recalled = -1;
    set("");
    host.send(text);
  });
  input.addEventListener("input", (/** @type {Event} */ event) => {
    recalled = -1;
    writtenAt = performance.now();
    // After the blank of the command, the password is typed in a hidden field instead.
    if (isBegun(input.value) && !(event instanceof InputEvent && event.isComposing)) {
      suggestions.close();
      set(withoutSecret(input.value));
      return host.authenticate();
    }
    changed();
    if (!editing) host.typed(input.value);
    if (event.isTrusted) suggestions.look();
  });
  // What a phone's keyboard writes on the key. The settings may have changed; at first, the box has the focus already.
  const tellKey = () => (input.enterKeyHint = enter() === "sends" ? "send" : "enter");
  input.addEventListener("focus", tellKey);
  tellKey();
  input.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (suggestions.key(event)) {
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === "Enter" && !event.altKey && !isComposing(event) && sends(event)) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === "Escape" && editing) {
      event.preventDefault();
      stop();
    } else if (!event.altKey && ((event.key === "ArrowUp" && back(host.editLast)) || (event.key === "ArrowDown" && forth()))) {
      event.preventDefault();
    }
  });
}

/** Whether Enter sends, rather than begins a line. On a touch screen there is no other key for that. @param {KeyboardEvent} event */
const sends = (event) => event.ctrlKey || event.metaKey || (!event.shiftKey && enter() === "sends");
const enter = () => settings.enter || (fine.matches ? "sends" : "breaks");

/** Edits the last message. Then, or without one, recalls what was sent before. @param {() => boolean} editLast */
function back(editLast) {
  // In a text of several lines, the cursor moves.
  if (input.value.lastIndexOf("\n", input.selectionStart - 1) >= 0 && input.selectionStart > 0) return false;
  if (recalled < 0 && input.value !== (editing?.text ?? "")) return false;
  if (recalled < 0 && !editing && editLast()) return true;
  const sent = recallOf(place);
  let at = recalled < 0 ? sent.length - 1 : Math.max(0, recalled - 1);
  if (editing && sent[at] === editing.text) at--;
  if (at < 0 || (editing && drafts[place])) return false;
  stop();
  recall(at);
  return true;
}

function forth() {
  if (input.value.includes("\n", input.selectionEnd)) return false;
  if (recalled >= 0) recall(recalled + 1);
  else if (editing?.text === input.value) stop();
  else return false;
  return true;
}

/** @param {Editing} what */
export function edit(what) {
  stop();
  recalled = -1;
  writtenAt = performance.now();
  editing = what;
  set(what.text);
  input.focus();
}

/** Ends the editing. The draft is back. */
export function stop() {
  if (!editing) return;
  editing.ended();
  editing = null;
  set(drafts[place] ?? "");
}

/** @param {number} at */
function recall(at) {
  const sent = recallOf(place);
  writtenAt = performance.now();
  set(sent[at] ?? "");
  recalled = at < sent.length ? at : -1;
}

/** @param {string} at @returns {string[]} */
function recallOf(at) {
  const sent = recalls.get(at) ?? [];
  recalls.set(at, sent);
  return sent;
}

/** Shows the draft of a conversation. @param {string} nick @param {import("../model/conversation.js").Conversation} conversation */
export function open(nick, { key, title }) {
  const label = words.messageTo(title);
  if (input.placeholder !== label) {
    input.placeholder = label;
    input.setAttribute("aria-label", label);
  }
  const next = `${nick.toLowerCase()} ${key}`;
  if (!nick || next === place) return;
  // Text typed before the session was known becomes the draft of the first conversation.
  stop();
  const typed = place ? "" : input.value;
  place = next;
  recalled = -1;
  suggestions.close();
  set(typed || (drafts[place] ?? ""));
}

/** When the text was last edited. A stored draft that has not been touched does not count. */
export const writing = () => (input.value ? writtenAt : -Infinity);

/** Returns text to the box. @param {string} text */
export function give(text) {
  stop();
  writtenAt = performance.now();
  set(input.value ? `${text}\n${input.value}` : text);
  input.focus();
}

/** Stores unsent text as a draft, for the next login too. @param {string} nick @param {string} key @param {string} text */
export function keepDraft(nick, key, text) {
  const at = `${nick.toLowerCase()} ${key}`;
  drafts[at] = drafts[at] ? `${drafts[at]}\n${text}` : text;
  own.write(DRAFTS, drafts);
}

/** Saves the drafts now, because the page is being left. */
export function flush() {
  if (!saving) return;
  clearTimeout(saving);
  saving = 0;
  own.write(DRAFTS, drafts);
}

/** Inserts a word at the cursor. @param {string} text */
export function insert(text) {
  writtenAt = performance.now();
  input.setRangeText(text, input.selectionStart, input.selectionEnd, "end");
  changed();
  input.focus();
}

export function forgetDrafts() {
  drafts = {};
  clearTimeout(saving);
  saving = 0;
  recalls.clear();
  own.write(DRAFTS, undefined);
}

/** @param {boolean} yes @param {import("../text/limits.js").Limits} now */
export function allow(yes, now) {
  allowed = yes;
  limits = now;
  changed();
}

/** @param {string} text */
function set(text) {
  input.value = text;
  changed();
}

function changed() {
  if (place && !editing) {
    const kept = withoutSecret(input.value);
    if (kept !== (drafts[place] ?? "")) {
      if (kept) drafts[place] = kept;
      else delete drafts[place];
      // Not with each key: it takes several times as long as all else, if the text is long.
      saving ||= setTimeout(flush, SAVE);
    }
  }
  const { value } = input;
  const isEndless = (/** @type {string} */ line) => line.length > ENDLESS;
  input.classList.toggle("endless", isEndless(value) && value.split("\n").some(isEndless));
  if (!CSS.supports("field-sizing", "content")) {
    input.style.height = "auto";
    input.style.height = `${input.scrollHeight + 2}px`;
  }
  const size = measure(value, limits);
  const near = size.left < limits.message / 10;
  counter.textContent = size.large ? words.tooLarge : size.marked ? words.tooManyMarks : near ? words.charactersLeft(size.left) : "";
  counter.classList.toggle("over", tooMuch(size));
  button.disabled = !allowed || tooMuch(size);
}

/** @param {ReturnType<typeof measure>} size */
const tooMuch = ({ left, large, marked }) => left < 0 || large || marked;
