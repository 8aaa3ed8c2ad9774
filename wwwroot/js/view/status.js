// The connection's state: a banner while there is trouble that does not pass by itself within a moment. Screen readers hear the same, but
// not each second of the countdown.

import { words } from "../text/words.js";
import { find } from "./dom.js";

/** @typedef {import("../transport/connection.js").Report} Report */

// How long trouble lasts, in ms, until it is shown.
const PATIENCE = 2000;

const banner = find("#trouble");
const line = find("#status");
const announce = find("#announce");
const action = find("#status-action");
const loginAgain = find("#login-again");
let ticking = 0;
let waiting = 0;
/** When the trouble began, by performance.now(); 0 while there is none. */
let since = 0;

/** @param {() => void} pressed */
export const onAction = (pressed) => action.addEventListener("click", pressed);

/** @param {Report} report */
export function show(report) {
  clearInterval(ticking);
  const { state, until } = report;
  const what = textOf(report);
  // Whoever pressed the button writes on.
  if (state === "connected" && banner.contains(document.activeElement)) find("#input").focus();
  const tick = () => (line.textContent = until ? `${what} – ${words.again(Math.max(0, Math.ceil((until - Date.now()) / 1000)))}` : what);
  tick();
  if (until) ticking = setInterval(tick, 250);
  line.dataset.state = state;
  action.hidden = !until && state !== "superseded";
  action.textContent = state === "superseded" ? words.takeOver : words.tryNow;
  loginAgain.hidden = state !== "ended";
  clearTimeout(waiting);
  if (state === "connected") {
    since = 0;
    if (!banner.hidden) tell(what, false);
    return;
  }
  since ||= performance.now();
  const passes = state !== "ended" && state !== "superseded";
  waiting = setTimeout(tell, passes ? since + PATIENCE - performance.now() : 0, what, true);
}

/** @param {string} what @param {boolean} trouble */
function tell(what, trouble) {
  banner.hidden = !trouble;
  if (announce.textContent !== what) announce.textContent = what;
}

/** @param {Report} report */
function textOf({ state, restarting, reason = "", text = "" }) {
  switch (state) {
    case "connecting": return words.connecting;
    case "connected": return words.connected;
    case "doubtful": return words.doubtful;
    case "retrying": return restarting ? words.restarting : words.connectionLost;
    case "offline": return words.offline;
    case "superseded": return words.superseded;
    // Of the server's text, only what the page's words do not say.
    case "ended": return (words.ends[reason] ?? words.noSession) + text.replace(/.*?chat room/, "");
  }
}
