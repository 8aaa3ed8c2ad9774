// Calls the user back: the title, the dot on the icon, notifications, a sound.

import { settings } from "../storage/settings.js";
import { words } from "../text/words.js";
import { find, make } from "./dom.js";

// A tab with the focus says so this often, so that the others do not call.
const LOOKING = 2000;

const icon = find("link[rel=icon]");
const plainIcon = icon.href;
/** @type {AudioContext | undefined} */
let audio;

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

/** @returns {"default" | "granted" | "denied" | "none"} */
export const notificationState = () => ("Notification" in window && isSecureContext ? Notification.permission : "none");

/** Call it only after the user presses a button. */
export const askForNotifications = () => Notification.requestPermission();

/** @param {import("../model/chat.js").News} news @param {() => void} open */
export function call({ conversation, line }, open) {
  if (settings.quiet) return;
  if (settings.sound) chime();
  if (notificationState() !== "granted") return;
  try {
    const where = conversation.kind === "room" ? `${line.nick} · ${conversation.title}` : line.nick ?? "";
    // With the tag, a conversation has only one notification.
    const notice = new Notification(where, { body: line.text.slice(0, 200), tag: conversation.key, icon: plainIcon });
    notice.addEventListener("click", () => {
      window.focus();
      open();
      notice.close();
    });
  } catch { /* some phones have the class but forbid it */ }
}

/** Two soft notes, generated so that no file is loaded. */
export function chime() {
  audio ??= new AudioContext();
  // Browsers keep a page silent until the user interacts with it.
  if (audio.state === "suspended") void audio.resume();
  const now = audio.currentTime;
  for (const [i, pitch] of [660, 880].entries()) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    const begins = now + i * 0.12;
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, begins);
    volume.gain.exponentialRampToValueAtTime(0.12, begins + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, begins + 0.3);
    tone.connect(volume).connect(audio.destination);
    tone.start(begins);
    tone.stop(begins + 0.32);
  }
}

const said = find("#said");
// How many lines to keep here. The messages themselves are on the page.
const MOST = 20;
const LONGEST = 300;

/** Announces new lines to screen readers. @param {string[]} texts */
export function announce(texts) {
  said.append(...texts.map((text) => make("p", "", text.slice(0, LONGEST))));
  while (said.childElementCount > MOST) said.firstChild.remove();
}
