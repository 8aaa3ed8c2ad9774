// Asks for the administrators' password before the operator's page; the server decides what is behind.

import { speak } from "./text/words.js";
import { openAuth } from "./view/authDialog.js";
import { find } from "./view/dom.js";

speak(document);
const ask = () => openAuth(() => location.reload());
find("#ask").addEventListener("click", ask);
ask();
