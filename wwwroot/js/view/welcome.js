// What a conversation in which nobody has said anything tells: who is here, and what to do.

import { LOBBY } from "../model/rooms.js";
import { language, words } from "../text/words.js";
import { find, make, press } from "./dom.js";
import { addressHere } from "./place.js";

// How many people are named. The list of people has all of them.
const NAMED = 3;

const box = find("#welcome");
let drawn = "";

/** @param {import("../model/chat.js").Chat} chat @param {() => void} join opens the dialog that joins a room */
export function draw(chat, join) {
  const { selected, me } = chat;
  const { kind, key, name, title, whole, gone, lines } = selected;
  box.hidden = !me || !whole || gone || lines.some((line) => line.kind !== "system");
  if (box.hidden) return;
  const others = [...(chat.rooms.get(name)?.users ?? [])].filter((nick) => nick !== me).sort();
  const here = kind === "room" ? others : chat.hasPerson(selected) ? [name] : [];
  const shown = [key, title, here.length, ...here.slice(0, NAMED)].join(" ");
  if (shown === drawn) return;
  drawn = shown;
  const names = here.length > NAMED ? [...here.slice(0, NAMED), words.more(here.length - NAMED)] : here;
  const who = here.length > 0 ? words.areHere(new Intl.ListFormat(language).format(names), here.length === 1)
    : kind === "person" ? words.directTopic(name, false)
    : name === LOBBY ? words.alone(addressHere(selected)) : words.aloneInRoom(addressHere(selected));
  const hello = kind === "person" && here.length === 0 ? words.waits : words.sayHello;
  box.replaceChildren(
    make("h2", "", kind === "room" ? words.welcome(title) : title),
    make("p", "", who),
    make("p", "", hello),
    kind === "room" ? press(words.joinRoom, join) : "");
}
