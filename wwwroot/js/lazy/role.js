// Whether the user moderates a room: the server says, and the answer is believed for a while.

import * as api from "../transport/api.js";

// How long it is believed, and how long a menu waits for it, in ms.
const FRESH = 30_000;
const PATIENCE = 3000;

/** @type {Map<string, {at: number, moderates: Promise<boolean>}>} */
const roles = new Map();

/** @param {import("../model/conversation.js").Conversation} conversation @returns {Promise<boolean>} */
export async function moderates({ kind, name }) {
  if (kind !== "room") return false;
  let role = roles.get(name);
  if (!role || performance.now() - role.at > FRESH) {
    const asked = api.call(`/chat/room/?room=${encodeURIComponent(name)}`, { deadline: PATIENCE })
      .then(({ response }) => response.role !== "member", () => false);
    roles.set(name, role = { at: performance.now(), moderates: asked });
  }
  return role.moderates;
}
