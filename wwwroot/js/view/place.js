// The address of the open conversation: /chat/r/ROOM, /chat/u/USER, and /chat/r/ROOM/ID for a message. Back and forward follow.
// USER is the user id, since a nick may be another person's by now; a nick only where the id is not known.

import { LOBBY } from "../model/rooms.js";
import { AT, JOIN, LINK, PLACE, own } from "../storage/store.js";
import { BASE } from "../transport/api.js";

/** @typedef {{kind: "room" | "person", name: string, id: number}} Place */
/** @typedef {import("../model/conversation.js").Conversation} Conversation */

/** Whether the address is a link into a room. */
export const isLink = () => location.hash.startsWith(JOIN);

/** The secret of the link that led here, or "". A login with a provider loses what is behind the #. */
export const secretOfLink = () => (isLink() ? location.hash.slice(JOIN.length) : own.read(LINK, ""));

/** The key of the conversation that the address names; "" before the first. */
let named = "";

/** @param {string} path below the base @returns {Place | null} */
function read(path) {
  const [, kind, name, id] = /^\/chat\/([ru])\/([^/]+)(?:\/(\d{1,15}))?\/?$/.exec(path) ?? [];
  if (!kind) return null;
  try {
    return { kind: kind === "r" ? "room" : "person", name: decodeURIComponent(name), id: Number(id ?? 0) };
  } catch {
    // Not UTF-8.
    return null;
  }
}

/** A login with a provider loses what is behind the #, so the login page has kept it. */
const kept = own.read(PLACE, "");
own.write(PLACE, undefined);

function pathHere() {
  if (location.hash.startsWith(AT)) return location.hash.slice(AT.length);
  const path = location.pathname.slice(BASE.length);
  return read(path) ? path : kept;
}

/** Where the page's address leads; null if it only opens the chat. */
export const here = () => read(pathHere());

/** What the login page's address must end with, to come back here; "" if the address only opens the chat. */
export const held = () => (here() ? AT + pathHere() : "");

/** @param {"room" | "person"} kind @param {string} name @param {number} [id] a message */
export const addressOf = (kind, name, id) =>
  `${BASE}/chat/${kind === "room" ? "r" : "u"}/${encodeURIComponent(name)}${id ? `/${id}` : ""}`;

/** The whole address of a room, for others. @param {Conversation} conversation */
export const addressHere = ({ name }) => location.origin + (name === LOBBY ? `${BASE}/` : addressOf("room", name));

/** Follows what is open now. The address with which the page was opened stays. @param {Conversation} conversation */
export function follow({ kind, name, key, id }) {
  if (key === named) return;
  if (named === "" && !here()) history.replaceState({ place: key }, "");
  else if (named !== "") history.pushState({ place: key }, "", addressOf(kind, id ?? name));
  named = key;
}

/**
 * An address was followed: it stays in the address bar while its conversation is open.
 * @param {{id: number}} place @param {Conversation} to
 */
export function arrived({ id }, { kind, name, key, id: user }) {
  named = key;
  history.replaceState({ place: key }, "", addressOf(kind, user ?? name, id));
}

/** @param {(key: string) => void} open opens a conversation, if it is still there */
export function begin(open) {
  addEventListener("popstate", ({ state }) => {
    if (!state?.place) return;
    named = state.place;
    open(state.place);
  });
}
