// Says when nobody is at this device: after a while without a key, a click or a touch in any tab of the browser.

import * as api from "../transport/api.js";

// How often to look, and how often to tell the other tabs that somebody is here, in ms.
const LOOK = 5000;
const TELL = 10_000;

/** @type {import("../session/session.js").Session} */
let session;
/** What the page has told the server last. */
let away = false;
/** Whether the user has said it with /away: then it lasts until /back, or until the page is loaded again. */
let byHand = false;
let active = Date.now();
let told = 0;
let asking = false;

/** @param {typeof session} now */
export function begin(now) {
  session = now;
  for (const type of ["pointerdown", "keydown", "wheel", "touchstart"]) addEventListener(type, here, { capture: true, passive: true });
  setInterval(look, LOOK);
  entered();
}

/** The chat was entered: the server may still believe what was said before the page was loaded. */
export function entered() {
  away = session.away;
  look();
}

/**
 * Another tab speaks.
 * @param {import("../transport/tabs.js").Word} word on: it has told the server; hand: it was done by hand; otherwise somebody is there
 */
export function hear({ on, hand }) {
  if (hand !== undefined) {
    byHand = hand;
    away = false;
    return;
  }
  if (on !== undefined) away = on;
  if (on !== true) active = Date.now();
}

/** A command was typed. @param {boolean} hand whether it was /away */
export function setByHand(hand) {
  hear({ type: "away", hand });
  session.connection.say({ type: "away", hand });
}

function here() {
  active = Date.now();
  if (active - told > TELL) {
    told = active;
    session.connection.say({ type: "away" });
  }
  if (away) look();
}

function look() {
  const after = (session.limits.away_after ?? 0) * 1000;
  const gone = after > 0 && Date.now() - active >= after;
  if (gone === away || asking || byHand || !session.user || after === 0) return;
  asking = true;
  api.call("/chat/away/", { form: { on: gone ? "1" : "0" } }).then(() => {
    away = gone;
    session.connection.say({ type: "away", on: gone });
    // The next look tries again.
  }, () => {}).finally(() => (asking = false));
}
