// What is pasted or dropped onto the page. Files go nowhere yet, and never take the page away; text and links go into the message box.

import { words } from "../text/words.js";
import { find } from "./dom.js";

// A hint that stays as long as it takes to read it.
const SHOWN = 10_000;

let hiding = 0;

/** Says something beside the message box, politely. @param {string} text */
export function hint(text) {
  const line = find("#hint");
  line.textContent = text;
  clearTimeout(hiding);
  hiding = setTimeout(() => (line.textContent = ""), SHOWN);
}

/** @param {DataTransfer | null} data */
const hasFiles = (data) => data?.types.includes("Files") ?? false;

/** @param {DataTransfer | null} data */
const textOf = (data) => data?.getData("text/plain") || data?.getData("text/uri-list").split(/\r?\n/).filter((line) => line && !line.startsWith("#")).join("\n") || "";

/** @param {EventTarget | null} target */
const takesText = (target) => target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement;

/** @param {{insert: (text: string) => void}} host takes text that was dropped beside every field */
export function begin({ insert }) {
  addEventListener("paste", (event) => {
    // A table or a paragraph of another program comes as a picture too: its text is what is meant.
    if (!hasFiles(event.clipboardData) || textOf(event.clipboardData)) return;
    event.preventDefault();
    hint(words.noFiles);
  });
  for (const type of /** @type {const} */ (["dragenter", "dragover"])) {
    addEventListener(type, (event) => {
      if (hasFiles(event.dataTransfer) || !takesText(event.target)) event.preventDefault();
    });
  }
  addEventListener("drop", (event) => {
    if (hasFiles(event.dataTransfer)) {
      event.preventDefault();
      return hint(words.noFiles);
    }
    if (takesText(event.target)) return;
    event.preventDefault();
    const text = textOf(event.dataTransfer);
    if (text && !find("dialog[open]")) insert(text);
  });
}
