// The menu of a person, opened by pressing a nick.

import { words } from "../text/words.js";
import { openMenu } from "../view/menu.js";
import { askInfo, openBan, openKick, openMute } from "./moderation.js";

/**
 * @param {HTMLElement} anchor @param {string} nick @param {import("../model/chat.js").Chat} chat
 * @param {{talk: (nick: string) => void, mention: (nick: string) => void, send: (command: string) => void}} host
 */
export function openPerson(anchor, nick, chat, { talk, mention, send }) {
  const actions = [{ label: words.mention, run: () => mention(nick) }];
  if (nick !== chat.me) {
    actions.unshift({ label: words.writeTo, run: () => talk(nick) });
    if (chat.admin) {
      actions.push(
        { label: words.info, run: () => askInfo(nick, send) },
        { label: words.mute, run: () => openMute(nick, send) },
        { label: words.kick, run: () => openKick(nick, send) },
        { label: words.ban, run: () => openBan(nick, send) });
    }
  }
  openMenu(anchor, nick, actions);
}
