// Shows letters that are being sent or have failed, as messages.

import { isTall } from "../text/plain.js";
import { refusal, words } from "../text/words.js";
import { make, press } from "./dom.js";
import { rich } from "./rich.js";

// On a good network the answer is faster, and a note would only flicker.
const PATIENCE = 1000;

/** @typedef {import("../transport/outbox.js").Letter} Letter */

let timer = 0;

/**
 * @param {Letter[]} letters of the open conversation
 * @param {{retry: (letter: Letter) => void, edit: (letter: Letter) => void, discard: (letter: Letter) => void, again: () => void}} host
 *   again: redraw, because sending takes long
 */
export function drawLetters(letters, host) {
  clearTimeout(timer);
  if (letters.some(({ state, code }) => state === "waiting" && !code)) timer = setTimeout(host.again, PATIENCE + 50);
  return letters.filter((letter) => !letter.arrived).map((letter) => {
    const failed = letter.state === "failed";
    const text = make("div", isTall(letter.text) ? "text folded" : "text", ...rich(letter.text, ""));
    text.dir = "auto";
    const element = make("div", `message own ${failed ? "failed" : "pending"}`, text);
    if (failed) {
      element.append(make("div", "fate", words.notSent(refusal(letter.code ?? "")),
        press(words.tryAgain, () => host.retry(letter)),
        press(words.edit, () => host.edit(letter)),
        press(words.discard, () => host.discard(letter))));
    } else if (letter.code || Date.now() - letter.asked > PATIENCE) {
      element.append(make("div", "fate", letter.code ? words.tooFast : words.sending));
    }
    return element;
  });
}
