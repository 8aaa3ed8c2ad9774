// The menu of a person, opened by pressing a nick.

import { keyOf } from "../model/conversation.js";
import { hides } from "../storage/settings.js";
import { words } from "../text/words.js";
import * as api from "../transport/api.js";
import { find } from "../view/dom.js";
import * as drawers from "../view/drawers.js";
import * as dropped from "../view/dropped.js";
import { openMenu } from "./menu.js";
import { askInfo, openBan, openKick, openMute } from "./moderation.js";
import { reason } from "./orders.js";
import { say } from "./settingsTexts.js";

/**
 * @param {HTMLElement} anchor @param {string} nick @param {import("../session/session.js").Session} session
 * @param {{mention: (nick: string) => void, send: (command: string) => void}} host
 */
export function openPerson(anchor, nick, session, { mention, send }) {
  const { chat } = session;
  /** @type {import("./menu.js").Action[]} */
  const actions = [{ label: say.mention, run: () => mention(nick) }];
  if (nick !== chat.me) {
    actions.unshift({ label: say.writeTo, run: () => void talkTo(nick, session) });
    if (chat.admin) {
      actions.push(
        { label: say.info, run: () => askInfo(nick, send) },
        { label: say.mute, run: () => openMute(nick, send) },
        { label: say.kick, run: () => openKick(nick, send), grave: true },
        { label: say.ban, run: () => openBan(nick, send), grave: true });
    }
    // Whoever has the nick now.
    const ignores = hides({ nick, id: Number.MAX_SAFE_INTEGER });
    actions.push({
      label: ignores ? say.stopIgnoring : say.ignore,
      run: () => void api.call(ignores ? "/chat/unignore/" : "/chat/ignore/", { form: { nick } })
        .catch((error) => dropped.hint(words.failed(reason(error)))),
    });
  }
  openMenu(anchor, nick, actions);
}

/** Opens the conversation with whoever has a nick now. @param {string} nick @param {import("../session/session.js").Session} session */
export async function talkTo(nick, session) {
  const { chat } = session;
  drawers.close();
  // If the person of that nick has left, the nick is another person's, with another conversation.
  const left = !chat.withNick(nick) && chat.find(keyOf("person", nick));
  const id = !left ? undefined : await api.historyWith({ name: nick }, "before=0", 1).then((answer) => answer.id, () => undefined);
  const conversation = chat.person(nick, id);
  session.select(conversation);
  if (!conversation.whole) void session.older(conversation).catch(() => { /* retried on scrolling up */ });
  find("#input").focus();
}
