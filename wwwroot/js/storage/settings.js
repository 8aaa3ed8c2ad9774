// The user's settings, shared by all tabs of the browser.

import { shared } from "./store.js";

const KEY = "erlchat.settings";

export const settings = {
  theme: /** @type {"system" | "light" | "dark"} */ ("system"),
  /** Empty: the browser's. */
  language: "",
  sound: true,
  /** Do not disturb. */
  quiet: false,
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
