// The people of the open room. Only changed entries are redrawn, because there may be hundreds.

import { changes, isAdmin } from "../model/admins.js";
import { words } from "../text/words.js";
import { find, hue, make } from "./dom.js";

const users = find("#users");
const count = find("#users-count");
const byName = new Intl.Collator().compare;
let drawn = "";

/** @param {import("../model/chat.js").Chat} chat */
export function draw(chat) {
  const { kind, name, gone } = chat.selected;
  const room = kind === "room" ? chat.rooms.get(name) : undefined;
  const version = `${chat.selected.key} ${room?.asOf} ${chat.me} ${gone} ${changes} ${chat.rooms.awayVersion}`;
  if (version === drawn) return;
  drawn = version;
  const all = kind === "room" ? [...(room?.users ?? [])] : [chat.me, ...(gone ? [] : [name])].filter((nick) => chat.isHere(nick));
  const nicks = all.sort(byName);
  count.textContent = String(nicks.length);
  count.setAttribute("aria-label", words.here(nicks.length));
  const wanted = new Set(nicks);
  for (const item of [...users.children]) {
    if (!wanted.has(item.dataset.nick) || item.dataset.as !== stateOf(item.dataset.nick, chat)) item.remove();
  }
  const there = new Map([...users.children].map((item) => [item.dataset.nick, item]));
  let place = users.firstChild;
  for (const nick of nicks) {
    const item = there.get(nick) ?? entry(nick, chat);
    if (item === place) place = place.nextSibling;
    else users.insertBefore(item, place);
  }
}

/** What is shown besides the nick, as a string to compare. @param {string} nick @param {import("../model/chat.js").Chat} chat */
const stateOf = (nick, chat) => `${nick === chat.me} ${isAdmin(nick)} ${chat.isAway(nick)}`;

/** @param {string} nick @param {import("../model/chat.js").Chat} chat */
function entry(nick, chat) {
  const { me } = chat;
  const isAway = chat.isAway(nick);
  const dot = make("span", `dot ${isAway ? "away" : "here"}`);
  dot.setAttribute("aria-hidden", "true");
  const button = make("button", "", dot, make("bdi", `name ${hue(nick)}`, nick));
  button.type = "button";
  button.dataset.nick = nick;
  if (isAdmin(nick)) button.append(make("span", "rank", words.admin));
  if (isAway) button.append(make("span", "own-mark", `(${words.away})`));
  if (nick === me) button.append(make("span", "own-mark", `(${words.you})`));
  const item = make("li", nick === me ? "own" : "", button);
  item.dataset.nick = nick;
  item.dataset.as = stateOf(nick, chat);
  return item;
}
