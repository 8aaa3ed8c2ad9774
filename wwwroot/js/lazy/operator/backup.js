// Backups.

import { short } from "../../text/time.js";
import { find, make } from "../../view/dom.js";
import { number, size } from "./format.js";
import { say } from "./texts.js";

/** @param {(path: string) => unknown} order */
export function beginBackups(order) {
  find("#backup-begin").addEventListener("click", () => order("/admin/backup/"));
  find("#backup-cancel").addEventListener("click", () => order("/admin/backup/cancel/"));
}

/** @param {any} backup the answer of /admin/backup/ @returns {boolean} whether one is running */
export function drawBackup({ possible, folder, last, files }) {
  const running = last?.state === "running";
  find("#backup-hint").textContent = possible ? say.backupFolder(folder) : say.backupOff;
  // The buttons are swapped in one step, so that the focus moves from one to the other.
  const [begin, cancel, progress, state] = ["#backup-begin", "#backup-cancel", "#backup-progress", "#backup-state"].map((id) => find(id));
  const pressed = document.activeElement === begin || document.activeElement === cancel;
  begin.hidden = !possible || running;
  cancel.hidden = !running;
  if (pressed) (running ? cancel : begin).focus();
  progress.hidden = !running;
  // One bar shows both steps.
  if (running) progress.value = (last.step === "checking" ? 0.5 : 0) + last.fraction / 2;
  const text = textOf(last);
  if (state.textContent !== text) state.textContent = text;
  state.className = last?.state === "failed" ? "error" : "";
  const kept = find("#backup-files");
  kept.hidden = files.length === 0;
  kept.replaceChildren(...files.map((/** @type {any} */ { name, bytes, at }) =>
    make("li", "", make("code", "", name), ` ${size(bytes)}, ${short(new Date(at))}`)));
  return running;
}

/** @param {any} last */
function textOf(last) {
  switch (last?.state) {
    case "running": return last.step === "checking" ? say.checking : say.copying;
    case "done": return say.backedUp(last.name, size(last.bytes), number(last.entries));
    case "failed": return say.backupFailed(last.problem);
    case "cancelled": return say.backupCancelled;
    default: return "";
  }
}
