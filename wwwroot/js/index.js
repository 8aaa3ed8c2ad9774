// Translates the login page and its relatives, which also work without this.

import { AT, JOIN, keepLink, keepPlace } from "./lazy/keptLink.js";
import { say } from "./lazy/pages.js";
import { speak, words } from "./text/words.js";

speak(document, say);
const hint = /** @type {HTMLElement | null} */ (document.querySelector("#nick-hint"));
const most = hint?.dataset.most ?? "";
if (hint) hint.textContent = say.nickHint(most);
// A link into a room. The login leads back to the chat, and the browser keeps what is behind the #.
const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form#login"));
if (form && location.hash.startsWith(JOIN)) {
  keepLink(location.hash.slice(JOIN.length));
  form.action += location.hash;
  form.prepend(Object.assign(document.createElement("p"), { className: "hint", textContent: say.linkHint }));
}
// A link to a room or a message.
if (form && location.hash.startsWith(AT)) {
  keepPlace(location.hash.slice(AT.length));
  form.action += location.hash;
}
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
