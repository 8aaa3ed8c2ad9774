// Translates the refusal page, which also works without this. The advice for operators stays in English.

import { say } from "./lazy/pages.js";
import { speak } from "./text/words.js";

speak(document, say);
