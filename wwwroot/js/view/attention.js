// Calls the user back: the title, the dot on the icon, screen readers. Notifications and the sound are in lazy/call.js.

import { words } from "../text/words.js";
import { find, make } from "./dom.js";

// A tab with the focus says so this often, so that the others do not call.
const LOOKING = 2000;

const icon = find("link[rel=icon]");
const plainIcon = icon.href;

/** @param {import("../model/chat.js").Chat} chat */
export function draw(chat) {
  let unread = 0;
  let mentions = 0;
  for (const conversation of chat.conversations) {
    unread += conversation.unread;
    mentions += conversation.mentions;
  }
  const title = words.title(chat.selected.title, mentions || unread);
  if (document.title !== title) document.title = title;
  const wanted = unread > 0 ? new URL(icon.dataset.unread, location.href).href : plainIcon;
  if (icon.href !== wanted) icon.href = wanted;
}

/** @param {() => void} tell the other tabs */
export function tellLooking(tell) {
  const look = () => document.hasFocus() && tell();
  addEventListener("focus", look);
  setInterval(look, LOOKING);
}

/** Whether another tab has the focus. @param {number} said when one last said so */
export const isLookedAt = (said) => performance.now() - said < LOOKING * 1.5;

const said = find("#said");
// How many lines to keep here. The messages themselves are on the page.
const MOST = 20;
const LONGEST = 300;

/** Announces new lines to screen readers. @param {string[]} texts */
export function announce(texts) {
  said.append(...texts.map((text) => make("p", "", text.slice(0, LONGEST))));
  while (said.childElementCount > MOST) said.firstChild.remove();
}
