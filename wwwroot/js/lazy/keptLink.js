// A link into a room on the login page. A provider must not see it, and loses it, so the tab keeps it meanwhile.

import { LINK, own } from "../storage/store.js";

/** What such a link has behind its #, before the secret. */
export const JOIN = "#join=";

/** @param {string} secret */
export const keepLink = (secret) => own.write(LINK, secret);
