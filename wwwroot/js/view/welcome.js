// What a conversation in which nobody has said anything tells: who is here, and what to do.

import { words } from "../text/words.js";
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
  const who = here.length > 0 ? words.areHere(here.slice(0, NAMED), here.length - NAMED)
    : kind === "room" ? words.alone(addressHere(selected)) : words.notHere(name);
  const parts = kind === "room"
    ? [make("h2", "", words.welcome(title)), make("p", "", who), make("p", "", words.sayHello), press(words.joinRoom, join)]
    : [make("h2", "", words.writeFirst(title)), make("p", "", who)];
  box.replaceChildren(...parts);
}
