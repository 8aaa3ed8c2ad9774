// What the user wants to see and hear: the settings of this browser, which its tabs share, and the preferences, which the server keeps
// for all devices.

import { shared } from "./store.js";

const KEY = "erlchat.settings";

export const settings = {
  theme: /** @type {"system" | "light" | "dark"} */ ("system"),
  /** Empty: the browser's. */
  language: "",
  /** What the Enter key does; empty: it sends, except on touch screens. */
  enter: /** @type {"" | "sends" | "breaks"} */ (""),
  sound: true,
  /** Whether others see that the user types. */
  typing: true,
  ...shared.read(KEY, {}),
};

function apply() {
  // early.js does the same before the first paint.
  document.documentElement.dataset.theme = settings.theme;
}

/** @param {Partial<typeof settings>} change */
export function change(change) {
  Object.assign(settings, change);
  shared.write(KEY, settings);
  apply();
}

addEventListener("storage", (event) => {
  if (event.key !== KEY) return;
  Object.assign(settings, shared.read(KEY, {}));
  apply();
});

/**
 * @typedef {{muted?: boolean, joins?: "on" | "off"}} Wish
 * @typedef {{nick: string, user_id: string, from: number, until?: number}} Ignored
 *   from, until: the ids of items between which the nick was that user's
 * @type {{quiet?: boolean, ignored: Ignored[], rooms: (Wish & {room: string})[]}}
 *   quiet: do not disturb
 */
export let preferences = { ignored: [], rooms: [] };

/** Takes over what the server keeps. @param {typeof preferences} [kept] */
export const prefer = (kept = { ignored: [], rooms: [] }) => (preferences = kept);

/** @param {string} room @returns {Wish} */
export const wishFor = (room) => preferences.rooms.find((one) => one.room === room) ?? {};

/** Whether it is by somebody whom the user ignores. @param {{nick?: string, id: number}} line */
export const hides = ({ nick, id }) =>
  preferences.ignored.some((one) => one.nick === nick && id >= one.from && id < (one.until ?? Infinity));
