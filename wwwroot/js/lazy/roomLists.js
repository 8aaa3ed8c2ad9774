// The lists of a room's dialog: its moderators, the people who are invited, and the links that lead into it.

import { JOIN } from "../storage/store.js";
import { short } from "../text/time.js";
import { words } from "../text/words.js";
import { BASE } from "../transport/api.js";
import { makeForm, makeInput } from "../view/dialog.js";
import { labelled, make } from "../view/dom.js";
import { makeEntry, order } from "./orders.js";
import { say } from "./settingsTexts.js";

/** @typedef {import("./roomDialog.js").Details} Details */
/** @typedef {() => unknown} Again  draws the dialog again */

/** A form for a nickname. @param {string} action @param {(nick: string) => Promise<unknown>} send @param {Again} again */
function nickForm(action, send, again) {
  const nick = makeInput();
  nick.required = true;
  nick.autocapitalize = "none";
  nick.spellcheck = false;
  return makeForm(action, () => send(nick.value.trim()).then(again), labelled(words.nick, nick));
}

/** @param {Details} room @param {Again} again */
export function drawModerators({ name: room, moderators, role }, again) {
  const path = "/chat/room/role/";
  if (role !== "owner") return [make("ul", "", ...moderators.map((nick) => make("li", "", make("bdi", "", nick))))];
  return [
    make("ul", "", ...moderators.map((nick) => makeEntry(nick, say.demote, path, { room, nick, role: "member" }))),
    nickForm(say.promote, (nick) => order(path, { room, nick, role: "moderator" }), again),
  ];
}

/** @param {Details} room @param {Again} again */
export const drawGuests = ({ name: room, invited }, again) => [
  make("ul", "", ...invited.map((nick) => makeEntry(nick, say.withdraw, "/chat/room/uninvite/", { room, nick }))),
  nickForm(say.invite, (nick) => order("/chat/room/invite/", { room, nick }), again),
];

/** @param {Details} room */
export function drawLinks({ name: room, links }) {
  const made = make("div", "");
  made.setAttribute("role", "status");
  const row = (/** @type {Details["links"][0]} */ { id, by, until }) =>
    makeEntry(say.link(by ?? "?", short(new Date(until))), say.revoke, "/chat/room/unlink/", { room, id });
  const list = make("ul", "", ...links.map(row));
  return [make("p", "hint", say.linksHint), list, makeForm(say.makeLink, async () => {
    const { response } = await order("/chat/room/link/", { room });
    // What is behind the # is not sent to servers and proxies, so it is in none of their logs.
    const address = makeInput(`${location.origin}${BASE}/chat/${JOIN}${response.link}`);
    address.readOnly = true;
    address.addEventListener("focus", () => address.select());
    made.replaceChildren(labelled(say.linkMade, address));
    address.focus();
    list.append(row(response));
  }, made)];
}
