// The connection's state. Screen readers hear changes of state, but not each second of the countdown.

import { words } from "../text/words.js";
import { find } from "./dom.js";

/** @typedef {import("../transport/connection.js").Report} Report */

const line = find("#status");
const announce = find("#announce");
const action = find("#status-action");
const loginAgain = find("#login-again");
let ticking = 0;

/** @param {() => void} pressed */
export const onAction = (pressed) => action.addEventListener("click", pressed);

/** @param {Report} report */
export function show(report) {
  clearInterval(ticking);
  const { state, until } = report;
  const what = textOf(report);
  const tick = () => (line.textContent = until ? `${what} – ${words.again(Math.max(0, Math.ceil((until - Date.now()) / 1000)))}` : what);
  tick();
  if (until) ticking = setInterval(tick, 250);
  if (line.dataset.state !== state) announce.textContent = what;
  line.dataset.state = state;
  action.hidden = !until && state !== "superseded";
  action.textContent = state === "superseded" ? words.takeOver : words.tryNow;
  loginAgain.hidden = state !== "ended";
}

/** @param {Report} report */
function textOf({ state, restarting, reason = "", text = "" }) {
  switch (state) {
    case "connecting": return words.connecting;
    case "connected": return words.connected;
    case "retrying": return restarting ? words.restarting : words.connectionLost;
    case "offline": return words.offline;
    case "superseded": return words.superseded;
    // Of the server's text, only what the page's words do not say.
    case "ended": return (words.ends[reason] ?? words.noSession) + text.replace(/.*?chat room/, "");
  }
}
