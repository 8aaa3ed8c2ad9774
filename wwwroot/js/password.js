// Asks for the administrators' password in front of the operator's page. The server decides.

import { say } from "./lazy/pages.js";
import { speak } from "./text/words.js";
import * as api from "./transport/api.js";
import { openAuth } from "./view/authDialog.js";
import { find } from "./view/dom.js";

speak(document, say);

function ask() {
  openAuth();
  // The dialog closes if the password is right, or if the user cancels.
  find("dialog[open]").addEventListener("close", async () => {
    const { admin } = await api.me().catch(() => ({ admin: false }));
    if (admin) location.reload();
  });
}

// Without it, the page says that the server has no such password.
const button = find("#ask");
if (button) {
  button.addEventListener("click", ask);
  ask();
}
