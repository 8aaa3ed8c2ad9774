// A link into a room, or to a message, on the login page. A provider must not see it, and loses it, so the tab keeps it meanwhile.

import { AT, JOIN, LINK, PLACE, own } from "../storage/store.js";

/** Keeps the link that the address has behind its #. @returns {"room" | "place" | ""} room: into a room; place: to a room or a message */
export function keep() {
  const { hash } = location;
  if (hash.startsWith(JOIN)) {
    own.write(LINK, hash.slice(JOIN.length));
    return "room";
  }
  if (!hash.startsWith(AT)) return "";
  own.write(PLACE, hash.slice(AT.length));
  return "place";
}
