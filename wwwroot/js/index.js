// Translates the login page and its relatives, which also work without this.

import { keep } from "./lazy/keptLink.js";
import { say } from "./lazy/pages.js";
import { speak, words } from "./text/words.js";

speak(document, say);
const hint = /** @type {HTMLElement | null} */ (document.querySelector("#nick-hint"));
const most = hint?.dataset.most ?? "";
if (hint) hint.textContent = say.nickHint(most);
// The login leads back to the chat, and the browser keeps what is behind the #.
const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form#login"));
const kept = form && keep();
if (form && kept) form.action += location.hash;
if (form && kept === "room") form.prepend(Object.assign(document.createElement("p"), { className: "hint", textContent: say.linkHint }));
const provider = /** @type {HTMLElement | null} */ (document.querySelector("#provider"));
if (provider) provider.textContent = say.provider(provider.dataset.name ?? "");
const removed = document.querySelector("#removed");
if (removed) {
  removed.textContent = (removed.textContent ?? "")
    .replace(/^You have been (kicked|banned) from the chat room/, (_, reason) => words.ends[reason]);
}
const error = document.querySelector("p.error");
if (error) {
  const text = (error.textContent ?? "").replace(/^\*\*\s+/, "");
  const better = say.errors[text];
  if (better) error.textContent = better(most);
}
