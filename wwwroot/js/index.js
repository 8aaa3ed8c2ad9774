// Translates the login page, which also works without this.

import { speak, words } from "./text/words.js";
import { find } from "./view/dom.js";

speak(document);
const hint = find("#nick-hint");
hint.textContent = words.nickHint(hint.dataset.most);
const error = document.querySelector("p.error");
if (error) {
  const text = (error.textContent ?? "").replace(/^\*\*\s+/, "");
  const better = words.loginErrors[text];
  if (better) error.textContent = better(hint.dataset.most);
}
