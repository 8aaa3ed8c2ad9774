// A refusal is readable without this; it only speaks the browser's language. What is for the operator stays English, like the options it names.

import { speak } from "./text/words.js";

speak(document);
