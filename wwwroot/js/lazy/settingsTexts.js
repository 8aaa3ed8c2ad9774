// The texts of the settings and of other dialogs, which the page does not load before they are opened.

import en from "../languages/settings/en.js";
import { language } from "../text/words.js";

/** Texts and languages without a translation are in English. @type {typeof en} */
export const say = language === "en" ? en
  : { ...en, ...(await import(`../languages/settings/${language}.js`).catch(() => ({}))).default };
