// What waits for the user: conversations with unread messages, and the newest messages that mention the user.

import { mentions } from "../text/plain.js";
import { words } from "../text/words.js";
import { openDialog } from "../view/dialog.js";
import { make, press } from "../view/dom.js";
import { ask, drawFound, partsOf } from "./found.js";
import { reason } from "./orders.js";
import { say } from "./settingsTexts.js";

/** @typedef {import("../session/session.js").Session} Session */
/** @typedef {import("../model/conversation.js").Conversation} Conversation */

// How many mentions are shown at a time, and how many pages of what the search finds are looked through for them.
const ENOUGH = 10;
const PAGES = 3;

/** @param {Session} session */
export function openInbox(session) {
  const places = [make("div", "list"), make("div", "list")];
  const titles = [say.unread, say.mentions];
  const dialog = openDialog(words.inbox, ...titles.map((title, i) => make("section", "", make("h3", "", title), places[i])));
  drawUnread(session, places[0], () => dialog.close());
  void listMentions(session, places[1]);
}

/** @param {Session} session @param {HTMLElement} list @param {() => void} close */
function drawUnread(session, list, close) {
  const { chat } = session;
  const unread = chat.conversations.filter((one) => one.unread > 0 && !one.ignored)
    .sort((a, b) => Number(b.mentions > 0) - Number(a.mentions > 0));
  list.append(...unread.map((conversation) => {
    const { title, unread: count, mentions: calls, kind } = conversation;
    const entry = press("", () => {
      close();
      session.select(conversation);
    }, "entry");
    const text = reachesBack(conversation) ? words.unread(count) : say.atLeastUnread(count);
    entry.append(make("strong", "", make("bdi", "", title)),
      make("span", "hint", kind === "room" && calls > 0 ? `${text}, ${words.mentioned}` : text));
    return entry;
  }));
  if (unread.length === 0) list.append(make("p", "hint", say.nothingUnread));
  // So that the first choice has the focus, and not the button that closes the dialog.
  else list.querySelector("button")?.focus();
}

/** Whether all unread lines are loaded, and so counted. Private ones always are. @param {Conversation} conversation */
const reachesBack = ({ kind, whole, lines, readTo }) => kind === "person" || whole || lines[0]?.id <= readTo;

/**
 * The server has no list of mentions: the search finds messages with the nick, most of which are no mentions where the nick is a common
 * word. So it looks through a few pages at a time.
 * @param {Session} session @param {HTMLElement} list
 */
async function listMentions(session, list) {
  const { me } = session.chat;
  /** @type {number | undefined} */
  let before;
  const more = press(say.moreResults, () => void load());
  const note = make("p", "hint");
  note.setAttribute("role", "status");
  const found = make("div");
  list.append(found, note, more);

  const load = async () => {
    more.hidden = true;
    note.textContent = say.looking;
    let count = 0;
    let older = true;
    try {
      for (let page = 0; page < PAGES && older && count < ENOUGH; page++) {
        const { response: items, more: left } = await ask(me, {}, before);
        older = left === true && items.length > 0;
        before = items[0]?.id ?? before;
        for (const item of items.toReversed()) {
          const { own, text } = partsOf(session, item);
          const entry = !own && mentions(text, me) && drawFound(session, item, me);
          if (!entry) continue;
          found.append(entry);
          count++;
        }
      }
      note.textContent = found.childElementCount > 0 ? "" : older ? say.noMentionsYet : say.noMentions;
    } catch (error) {
      note.textContent = words.failed(reason(error));
    }
    more.hidden = !older;
  };

  await load();
}
