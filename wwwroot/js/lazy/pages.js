// The texts of the pages around the chat: login, new password, refusals, and the question for the administrators' password.

import en from "../languages/pages/en.js";
import { translated, words } from "../text/words.js";

export const say = { ...words, ...(await translated(en, "pages/").catch(() => en)) };
