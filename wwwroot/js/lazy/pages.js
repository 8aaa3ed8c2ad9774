// The texts of the pages around the chat: login, new password, refusals, and the question for the administrators' password.

import en from "../languages/pages/en.js";
import { language, words } from "../text/words.js";

const own = language === "en" ? en : { ...en, ...(await import(`../languages/pages/${language}.js`).catch(() => ({}))).default };

/** Texts and languages without a translation are in English. @type {typeof words & typeof en} */
export const say = { ...words, ...own };
