// The settings, and the list of keys.

import { change, preferences, settings } from "../storage/settings.js";
import { LANGUAGES, words } from "../text/words.js";
import { makeCheck, makeSelect, openDialog } from "../view/dialog.js";
import { labelled, make, press } from "../view/dom.js";
import { isMac } from "../view/keys.js";
import { askForNotifications, chime, notificationState } from "./call.js";
import { openMember } from "./memberDialog.js";
import { makeEntry, makeOrder } from "./orders.js";
import { say } from "./settingsTexts.js";

export function openSettings() {
  const theme = makeSelect([["system", say.themeSystem], ["light", say.themeLight], ["dark", say.themeDark]], settings.theme);
  theme.addEventListener("change", () => change({ theme: /** @type {any} */ (theme.value) }));
  const language = makeSelect([["", say.languageSystem], ...Object.entries(LANGUAGES)], settings.language);
  language.addEventListener("change", () => {
    change({ language: language.value });
    // Reloading is the sure way to change every text. Drafts survive it.
    location.reload();
  });
  const enter = makeSelect([["", say.enterUsual], ["sends", say.enterSends], ["breaks", say.enterBreaks]], settings.enter);
  enter.addEventListener("change", () => change({ enter: /** @type {any} */ (enter.value) }));
  const notices = make("div", "notices");
  const drawNotices = () => {
    const state = notificationState();
    notices.replaceChildren(state === "default"
      ? press(say.allowNotifications, () => void askForNotifications().then(drawNotices))
      : make("p", "hint", { granted: say.notificationsOn, denied: say.notificationsDenied, none: say.notificationsNone }[state]));
  };
  drawNotices();
  openDialog(words.settings, make("form", "",
    press(say.member, () => void openMember()),
    labelled(say.theme, theme),
    labelled(say.language, language),
    labelled(say.enter, enter),
    makeCheck(say.sound, settings.sound, (sound) => {
      change({ sound });
      if (sound) chime();
    }),
    makeCheck(say.tellTyping, settings.typing, (typing) => change({ typing })),
    makeOrder(say.quiet, preferences.quiet === true, "/chat/preferences/", (on) => ({ quiet: on })),
    make("div", "", make("strong", "", say.notifications), notices),
    drawIgnored()));
}

/** Whom the user ignores. */
function drawIgnored() {
  const all = preferences.ignored.map(({ nick, user_id }) => makeEntry(nick, say.stopIgnoring, "/chat/unignore/", { user_id }));
  return make("div", "ignored", make("strong", "", say.ignored),
    all.length > 0 ? make("ul", "", ...all) : make("p", "hint", say.ignoredNobody));
}

/** As a Mac names the keys. @param {string} key */
const onMac = (key) => key.replace("Alt + ↑", "Option + ↑").replace(/^Alt/, "Ctrl + Option");

export function openShortcuts() {
  openDialog(words.shortcuts, make("dl", "", ...say.keys.flatMap(([key, does]) => [
    make("dt", "", make("kbd", "", isMac ? onMac(key) : key)), make("dd", "", does),
  ])));
}
