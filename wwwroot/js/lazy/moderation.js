// Actions of administrators: forms that fill in the slash commands.

import { short } from "../text/time.js";
import { refusal, words } from "../text/words.js";
import * as api from "../transport/api.js";
import { makeCheck, makeForm, makeInput, makeSelect, openDialog } from "../view/dialog.js";
import { labelled, make, press } from "../view/dom.js";
import { grave } from "./orders.js";
import { say } from "./settingsTexts.js";

/** Quotes a word of a command, since it may contain blanks. @param {string} text */
const quoted = (text) => `"${text.replaceAll("\\", "/").replaceAll('"', "'")}"`;

/** @typedef {(command: string) => void} Send */

/** @param {string} nick @param {Send} send */
export const askInfo = (nick, send) => send(`/admin info ${quoted(nick)}`);

/** @param {string} nick @param {Send} send */
export function openKick(nick, send) {
  const reason = makeInput();
  const dialog = openDialog(say.kickNick(nick), grave(makeForm(say.kick.replace("…", ""), () => {
    send(`/admin kick ${quoted(nick)} ${quoted(reason.value)}`);
    dialog.close();
  }, labelled(words.reason, reason))));
}

/**
 * The tick box that includes the address of a user, and whom that hits besides.
 * @param {string} nick @param {string} text @param {(host: string, count: number, others: string[]) => string} hits
 */
function makeAddress(nick, text, hits) {
  const box = makeCheck(text, false, () => {});
  const hit = make("p", "hint");
  hit.setAttribute("role", "status");
  // A failure of this preview is not worth an error.
  api.call(`/chat/bans/preview/?nick=${encodeURIComponent(nick)}`).then(({ response: { host, count, others } }) => {
    hit.textContent = count > 0 ? hits(host, count, others) : say.banHitsNobody(host);
  }, () => {});
  return { parts: [box, hit], isOn: () => /** @type {HTMLInputElement} */ (box.querySelector("input")).checked };
}

/** @param {string} nick @param {Send} send */
export function openBan(nick, send) {
  const reason = makeInput();
  const seconds = makeSelect(say.times, 3600);
  const address = makeAddress(nick, say.banAddress, say.banHitsOthers);
  const dialog = openDialog(say.banNick(nick), grave(makeForm(say.ban.replace("…", ""), () => {
    send(`/admin ban ${quoted(nick)} ${quoted(reason.value)} ${seconds.value} ${address.isOn() ? "address" : "person"}`);
    dialog.close();
  }, labelled(words.reason, reason), labelled(say.seconds, seconds), ...address.parts)));
}

/** @param {string} nick @param {Send} send */
export function openMute(nick, send) {
  const seconds = makeSelect([...say.times, [0, say.unmute]], 600);
  const address = makeAddress(nick, say.muteAddress, say.muteHitsOthers);
  const dialog = openDialog(say.muteNick(nick), makeForm(say.mute.replace("…", ""), () => {
    send(`/admin mute ${quoted(nick)} ${seconds.value}${address.isOn() ? " address" : ""}`);
    dialog.close();
  }, labelled(say.seconds, seconds), ...address.parts));
}

/** @param {Send} send */
export async function openBans(send) {
  const content = make("div", "wide");
  openDialog(words.bans, content);
  try {
    /** @type {{host: string, nick: string, reason: string, until: string}[]} */
    const bans = (await api.whole("/chat/bans/", ({ host, nick }) => host || `~${nick}`)).response;
    if (bans.length === 0) {
      content.append(make("p", "hint", words.noBans));
      return;
    }
    const cells = (/** @type {"th" | "td"} */ kind, /** @type {(string | Node)[]} */ values) =>
      make("tr", "", ...values.map((value) => make(kind, "", value)));
    content.append(make("table", "",
      make("thead", "", cells("th", [words.host, words.nick, words.reason, words.until, ""])),
      make("tbody", "", ...bans.map(({ host, nick, reason, until }) => {
        // Without an address, only the person is banned.
        const row = cells("td", [host || "–", nick, reason, short(new Date(until)), press(words.unban, () => {
          send(`/admin unban ${quoted(host || nick)}`);
          row.remove();
        })]);
        return row;
      }))));
  } catch (/** @type {any} */ error) {
    content.append(make("p", "error", words.failed(refusal(error.code ?? "lost"))));
  }
}
