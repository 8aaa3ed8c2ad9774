// Actions of administrators: forms that fill in the slash commands.

import { short } from "../text/time.js";
import { refusal, words } from "../text/words.js";
import * as api from "../transport/api.js";
import { makeCheck, makeForm, makeInput, makeSelect, openDialog } from "../view/dialog.js";
import { labelled, make, press } from "../view/dom.js";

/** Quotes a word of a command, since it may contain blanks. @param {string} text */
const quoted = (text) => `"${text.replaceAll("\\", "/").replaceAll('"', "'")}"`;

/** @typedef {(command: string) => void} Send */

/** @param {string} nick @param {Send} send */
export const askInfo = (nick, send) => send(`/admin info ${quoted(nick)}`);

/** @param {string} nick @param {Send} send */
export function openKick(nick, send) {
  const reason = makeInput();
  const dialog = openDialog(words.kickNick(nick), makeForm(words.kick.replace("…", ""), () => {
    send(`/admin kick ${quoted(nick)} ${quoted(reason.value)}`);
    dialog.close();
  }, labelled(words.reason, reason)));
}

/** @param {string} nick @param {Send} send */
export function openBan(nick, send) {
  const reason = makeInput();
  let scope = "person";
  const address = makeCheck(words.banAddress, false, (on) => (scope = on ? "address" : "person"));
  const hit = make("p", "hint");
  hit.setAttribute("role", "status");
  const seconds = makeSelect(words.times, 3600);
  const dialog = openDialog(words.banNick(nick), makeForm(words.ban.replace("…", ""), () => {
    send(`/admin ban ${quoted(nick)} ${quoted(reason.value)} ${seconds.value} ${scope}`);
    dialog.close();
  }, labelled(words.reason, reason), labelled(words.seconds, seconds), address, hit));
  // A ban of the address also hits other users of it. A failure of this preview is not worth an error.
  api.call(`/chat/bans/preview/?nick=${encodeURIComponent(nick)}`).then(({ response: { host, count, others } }) => {
    hit.textContent = count > 0 ? words.banHitsOthers(host, count, others) : words.banHitsNobody(host);
  }, () => {});
}

/** @param {string} nick @param {Send} send */
export function openMute(nick, send) {
  const seconds = makeSelect([...words.times, [0, words.unmute]], 600);
  const dialog = openDialog(words.muteNick(nick), makeForm(words.mute.replace("…", ""), () => {
    send(`/admin mute ${quoted(nick)} ${seconds.value}`);
    dialog.close();
  }, labelled(words.seconds, seconds)));
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
