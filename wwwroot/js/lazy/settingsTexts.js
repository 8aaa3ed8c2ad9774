// The texts of the settings and of other dialogs, which the page does not load before they are opened.

import en from "../languages/settings/en.js";
import { translated } from "../text/words.js";

export const say = await translated(en, "settings/").catch(() => en);
