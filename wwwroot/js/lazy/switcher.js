// Finds rooms and people as the user types, and goes there. view/switcher.js has opened the dialog.

import { keyOf } from "../model/conversation.js";
import { hides } from "../storage/settings.js";
import { words } from "../text/words.js";
import * as api from "../transport/api.js";
import { find, isComposing, make } from "../view/dom.js";
import { reason } from "./orders.js";
import { talkTo } from "./person.js";
import { say } from "./settingsTexts.js";

/** @typedef {import("../session/session.js").Session} Session */
/** @typedef {{name: string, title: string, topic: string, members: number}} Room */
/**
 * @typedef {{title: string, names: string[], hint: string, unread?: number, run: () => unknown}} Target
 *   names: by which it is found
 */

// How many are shown. Whoever looks for another one types more.
const MOST = 50;

/** Without case and accents. @param {string} text */
const fold = (text) => text.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase();

/**
 * How well a name fits: 0 is best; Infinity, not at all.
 * @param {string} name @param {string} wanted both folded
 */
function misfit(name, wanted) {
  if (name === wanted) return 0;
  if (name.startsWith(wanted)) return 1;
  if (/[-_]/.test(name) && name.split(/[-_]/).some((word) => word.startsWith(wanted))) return 2;
  return name.includes(wanted) ? 3 : Infinity;
}

/**
 * @param {Session} session @param {HTMLDialogElement} dialog @param {HTMLInputElement} input
 * @returns {() => void} goes to what is marked
 */
export function begin(session, dialog, input) {
  /** All rooms, once they are known. @type {Room[] | null} */
  let rooms = null;
  /** @type {Target[]} */
  let shown = [];
  let active = 0;
  const list = make("div", "list");
  list.id = "switcher-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", words.goTo);
  const count = make("p", "unseen");
  count.setAttribute("role", "status");
  const error = make("p", "error");
  error.setAttribute("role", "alert");
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "true");
  input.setAttribute("aria-autocomplete", "list");
  input.after(error, list, count);

  const draw = () => {
    shown = targets(session, rooms, input.value.trim());
    active = 0;
    list.replaceChildren(...shown.map(drawTarget));
    count.textContent = say.found(shown.length);
    mark(0);
  };

  /** @param {number} at */
  const mark = (at) => {
    active = at;
    for (const [i, option] of [...list.children].entries()) option.setAttribute("aria-selected", String(i === at));
    const option = list.children[at];
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  };

  const choose = async () => {
    const target = shown[active];
    if (!target) return;
    try {
      await target.run();
    } catch (failure) {
      error.textContent = words.failed(reason(failure));
      return;
    }
    dialog.close();
    // On a touch screen, the keyboard would cover what was opened.
    if (matchMedia("(pointer: fine)").matches) find("#input").focus();
  };

  input.addEventListener("input", () => {
    error.textContent = "";
    draw();
  });
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || isComposing(event) || shown.length === 0) return;
    event.preventDefault();
    mark((active + step + shown.length) % shown.length);
  });
  list.addEventListener("click", ({ target }) => {
    const at = target instanceof Element ? [...list.children].findIndex((option) => option.contains(target)) : -1;
    if (at < 0) return;
    mark(at);
    void choose();
  });
  draw();
  api.rooms().then((all) => {
    rooms = all.map((/** @type {any} */ one) => ({ title: one.name, ...one }));
    const was = shown[active]?.title;
    draw();
    // What was marked stays so.
    mark(Math.max(0, shown.findIndex(({ title }) => title === was)));
  }, () => { /* rooms can still be joined by their names */ });
  return choose;
}

/** @param {Target} target @param {number} at */
function drawTarget({ title, hint, unread = 0 }, at) {
  const option = make("div", "entry", make("strong", "", make("bdi", "", title)));
  option.id = `switcher-${at}`;
  option.setAttribute("role", "option");
  const more = [unread > 0 ? words.unread(unread) : "", hint].filter(Boolean).join(" · ");
  if (more) option.append(make("span", "hint", more));
  return option;
}

/** What fits, the best first. @param {Session} session @param {Room[] | null} rooms @param {string} typed @returns {Target[]} */
function targets(session, rooms, typed) {
  const sign = /^[#@]/.exec(typed)?.[0];
  const name = sign ? typed.slice(1).trim() : typed;
  const wanted = fold(name);
  const all = [
    ...(sign === "@" ? [] : roomsIn(session)),
    ...(sign === "#" ? [] : peopleIn(session)),
    ...(sign === "@" ? [] : otherRooms(session, rooms ?? [])),
  ];
  if (!wanted) {
    const { selected } = session.chat;
    return all.filter(({ title }) => title !== selected.title).sort((a, b) => Number(Boolean(b.unread)) - Number(Boolean(a.unread)))
      .slice(0, MOST);
  }
  const found = all.map((target) => ({ target, rank: Math.min(...target.names.map((one) => misfit(fold(one), wanted))) }))
    .filter(({ rank }) => rank < Infinity)
    .sort((a, b) => a.rank - b.rank)
    .map(({ target }) => target)
    .slice(0, MOST);
  const exists = all.some(({ title, names }) => title.startsWith("#") && names.some((one) => fold(one) === wanted));
  return sign === "@" || exists ? found : [...found, {
    title: rooms ? say.createRoom(name) : say.joinOrCreate(name), names: [], hint: "", run: () => join(session, name),
  }];
}

/** The rooms that the user is in. @param {Session} session @returns {Target[]} */
function roomsIn(session) {
  return session.chat.conversations.filter(({ kind }) => kind === "room").map((room) => ({
    title: room.title, names: [room.label, room.name], hint: room.topic, unread: room.unread, run: () => session.select(room),
  }));
}

/** Those with whom the user has a conversation, and others who are here. @param {Session} session @returns {Target[]} */
function peopleIn(session) {
  const { chat } = session;
  const talks = chat.conversations.filter(({ kind, ignored }) => kind === "person" && !ignored);
  const names = new Set(chat.conversations.flatMap(({ kind, name }) => (kind === "room" ? [...chat.rooms.get(name)?.users ?? []] : [])));
  const known = new Set(talks.map(({ key }) => key));
  const presenceOf = (/** @type {string} */ nick) => (chat.isAway(nick) ? words.away : words.online);
  const others = [...names].filter((nick) =>
    nick !== chat.me && !known.has(keyOf("person", nick)) && !hides({ nick, id: Number.MAX_SAFE_INTEGER })).sort();
  return [
    ...talks.map((talk) => ({
      title: talk.title, names: [talk.name], unread: talk.unread, run: () => session.select(talk),
      hint: chat.hasPerson(talk) ? presenceOf(talk.name) : talk.gone ? words.goneFor : words.notHere,
    })),
    ...others.map((nick) => ({ title: nick, names: [nick], hint: presenceOf(nick), run: () => talkTo(nick, session) })),
  ];
}

/** Rooms that the user is not in. @param {Session} session @param {Room[]} rooms @returns {Target[]} */
function otherRooms(session, rooms) {
  return rooms.filter(({ name }) => !session.chat.rooms.get(name)).map(({ name, title, topic, members }) => ({
    title: `#${title}`, names: [title, name], hint: [say.notIn(members), topic].filter(Boolean).join(" · "), run: () => join(session, name),
  }));
}

/** Joins a room, which is opened when the server says so. @param {Session} session @param {string} room */
export async function join(session, room) {
  const there = session.chat.roomCalled(room);
  if (there) return session.select(there);
  session.expect("room", room);
  await api.join(room);
}
