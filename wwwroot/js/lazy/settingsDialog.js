// The settings, and the list of keys.

import { change, settings } from "../storage/settings.js";
import { LANGUAGES, words } from "../text/words.js";
import { askForNotifications, chime, notificationState } from "../view/attention.js";
import { makeCheck, makeSelect, openDialog } from "../view/dialog.js";
import { labelled, make, press } from "../view/dom.js";

export function openSettings() {
  const theme = makeSelect([["system", words.themeSystem], ["light", words.themeLight], ["dark", words.themeDark]], settings.theme);
  theme.addEventListener("change", () => change({ theme: /** @type {any} */ (theme.value) }));
  const language = makeSelect([["", words.languageSystem], ...Object.entries(LANGUAGES)], settings.language);
  language.addEventListener("change", () => {
    change({ language: language.value });
    // Reloading is the sure way to change every text. Drafts survive it.
    location.reload();
  });
  const notices = make("div", "notices");
  const drawNotices = () => {
    const state = notificationState();
    notices.replaceChildren(state === "default"
      ? press(words.allowNotifications, () => void askForNotifications().then(drawNotices))
      : make("p", "hint", { granted: words.notificationsOn, denied: words.notificationsDenied, none: words.notificationsNone }[state]));
  };
  drawNotices();
  openDialog(words.settings, make("form", "",
    labelled(words.theme, theme),
    labelled(words.language, language),
    makeCheck(words.sound, settings.sound, (sound) => {
      change({ sound });
      if (sound) chime();
    }),
    makeCheck(words.quiet, settings.quiet, (quiet) => change({ quiet })),
    make("div", "", make("strong", "", words.notifications), notices)));
}

export function openShortcuts() {
  openDialog(words.shortcuts, make("dl", "", ...words.keys.flatMap(([key, does]) => [
    make("dt", "", make("kbd", "", key)), make("dd", "", does),
  ])));
}
