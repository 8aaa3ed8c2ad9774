// A link into a room, or to a message, on the login page. A provider must not see it, and loses it, so the tab keeps it meanwhile.

import { LINK, PLACE, own } from "../storage/store.js";

/** What such a link has behind its #, before the secret. */
export const JOIN = "#join=";

/** What an address has behind its #, before the place to which it leads: AT in view/place.js, whose module needs the chat's own. */
export const AT = "#at=";

/** @param {string} path of a room or a message */
export const keepPlace = (path) => own.write(PLACE, path);

/** @param {string} secret */
export const keepLink = (secret) => own.write(LINK, secret);
