// Asks for the administrators' password before the operator's page; the server decides what is behind.

import { speak } from "./text/words.js";
import * as api from "./transport/api.js";
import { openAuth } from "./view/authDialog.js";
import { find } from "./view/dom.js";

speak(document);

function ask() {
  openAuth();
  // It closes by itself when the password was right, and when somebody wants nothing of it.
  find("dialog[open]").addEventListener("close", async () => {
    const { admin } = await api.me().catch(() => ({ admin: false }));
    if (admin) location.reload();
  });
}

find("#ask").addEventListener("click", ask);
ask();
