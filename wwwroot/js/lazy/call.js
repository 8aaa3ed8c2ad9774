// Calls the user back from elsewhere: notifications and a sound.

import { preferences, settings } from "../storage/settings.js";
import { find } from "../view/dom.js";

// Without the dot for unread messages, whatever the page shows now.
const icon = find("link[rel=icon]").href.replace("-unread", "");
/** @type {AudioContext | undefined} */
let audio;
/** What each conversation shows now, by its key. @type {Map<string, {id: number, notice: Notification}>} */
const shown = new Map();

/** @returns {"default" | "granted" | "denied" | "none"} */
export const notificationState = () => ("Notification" in window && isSecureContext ? Notification.permission : "none");

/** Call it only after the user presses a button. */
export const askForNotifications = () => Notification.requestPermission();

/** @param {import("../model/chat.js").News} news @param {() => void} open */
export function call({ conversation, line }, open) {
  if (preferences.quiet) return;
  if (settings.sound) chime();
  if (notificationState() !== "granted") return;
  try {
    const where = conversation.kind === "room" ? `${line.nick} · ${conversation.title}` : line.nick ?? "";
    // With the tag, a conversation has only one notification.
    const notice = new Notification(where, { body: line.text.slice(0, 200), tag: conversation.key, icon });
    shown.set(conversation.key, { id: line.id, notice });
    notice.addEventListener("close", () => shown.get(conversation.key)?.notice === notice && shown.delete(conversation.key));
    notice.addEventListener("click", () => {
      window.focus();
      open();
      notice.close();
    });
  } catch { /* some phones have the class but forbid it */ }
}

/** A message that may be notified was changed: what it says now is not worth another call. @param {string} key @param {number} id */
export function closeNotice(key, id) {
  if (shown.get(key)?.id === id) shown.get(key)?.notice.close();
}

/** Two soft notes, generated so that no file is loaded. */
export function chime() {
  audio ??= new AudioContext();
  // Browsers keep a page silent until the user interacts with it.
  if (audio.state === "suspended") audio.resume().catch(() => { /* silent, then */ });
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
