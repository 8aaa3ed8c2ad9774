// Pasting and dropping. Files are not supported, and must not replace the page. Text and links go into the message box.

import { words } from "../text/words.js";
import { find } from "./dom.js";

// Long enough to read the hint.
const SHOWN = 10_000;

let hiding = 0;

/** Shows a hint below the message box. @param {string} text */
export function hint(text) {
  const line = find("#hint");
  line.textContent = text;
  clearTimeout(hiding);
  hiding = setTimeout(() => (line.textContent = ""), SHOWN);
}

/** @param {DataTransfer | null} data */
const hasFiles = (data) => data?.types.includes("Files") ?? false;

/** @param {DataTransfer | null} data */
const textOf = (data) => data?.getData("text/plain")
  || data?.getData("text/uri-list").split(/\r?\n/).filter((line) => line && !line.startsWith("#")).join("\n") || "";

/** @param {EventTarget | null} target */
const takesText = (target) => target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement;

/** @param {{insert: (text: string) => void}} host takes text that was dropped outside the fields */
export function begin({ insert }) {
  addEventListener("paste", (event) => {
    // Text copied from another program may also come as a picture. The text is what the user wants.
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
