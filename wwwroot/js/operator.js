// The operator's page: reads the server's state every few seconds while the page is visible, and sends commands.

import { askDismiss, beginAppointing } from "./lazy/operator/admins.js";
import { beginAnnouncing } from "./lazy/operator/announce.js";
import { beginBackups, drawBackup } from "./lazy/operator/backup.js";
import { acts, admins, bans, mutes, nodes, people, refusals, rooms, settings } from "./lazy/operator/columns.js";
import { beginLinks } from "./lazy/operator/links.js";
import { List } from "./lazy/operator/list.js";
import { drawServer } from "./lazy/operator/server.js";
import { redraw } from "./lazy/operator/tables.js";
import { fill, say } from "./lazy/operator/texts.js";
import { say as texts } from "./lazy/pages.js";
import { refusal, speak, words } from "./text/words.js";
import * as api from "./transport/api.js";
import { find } from "./view/dom.js";

const EVERY = 4000;
const SOON = 700;
const TYPING = 300;

speak(document, texts);
fill(document);
document.title = `${say.title} – ErlChat`;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let next;
let looking = new AbortController();

/** @param {string} what @param {any} error none: it works again */
function complain(what, error) {
  const trouble = find("#trouble");
  if (!error && trouble.dataset.what !== what) return;
  trouble.dataset.what = what;
  const text = error ? words.failed(error.reason ?? refusal(error.code ?? "lost")) : "";
  // An unchanged text is not read out again.
  if (trouble.textContent !== text) trouble.textContent = text;
  trouble.hidden = !error;
}

/** @param {string} path @param {Record<string, string>} form */
async function give(path, form) {
  try {
    await api.call(path, { form });
    complain("order", null);
  } catch (error) {
    complain("order", error);
  }
  await look();
}

const searched = () => `find=${encodeURIComponent(find("#find-text").value.trim())}&`;
const everybody = new List("#people-list", people, "/admin/sessions/", { none: say.nobody, query: searched, more: look });
// Read only while it is shown, because it seldom changes.
const actsList = new List("#acts-list", acts, "/admin/acts/", { none: say.noActs, more: look });
const lists = [
  everybody,
  new List("#rooms-list", rooms, "/admin/rooms/", { more: look }),
  new List("#bans-list", bans((what) => give("/admin/unban/", { host: what })), "/admin/bans/", { none: words.noBans, more: look }),
  new List("#mutes-list", mutes((nick) => give("/admin/unmute/", { nick })), "/admin/mutes/", { none: say.noMutes, more: look }),
  new List("#admins-list", admins((nick) => askDismiss(nick, look)), "/admin/admins/", { none: say.noAdmins, more: look }),
];

/** @param {AbortSignal} signal @returns {Promise<boolean>} whether something is in progress */
async function lookOnce(signal) {
  const { response: server } = await api.call("/admin/server/", { signal });
  drawServer(server);
  redraw(find("#nodes-list"), nodes, server.nodes);
  redraw(find("#refusals-list"), refusals, server.refusals, say.noRefusals);
  const running = drawBackup((await api.call("/admin/backup/", { signal })).response);
  for (const list of lists) await list.look(signal);
  if (find("#acts-open").open) await actsList.look(signal);
  return running;
}

/** Refreshes the page now, and cancels a refresh in progress. */
async function look() {
  clearTimeout(next);
  looking.abort();
  looking = new AbortController();
  const { signal } = looking;
  let pause = EVERY;
  try {
    if (await lookOnce(signal)) pause = SOON;
    complain("look", null);
  } catch (/** @type {any} */ error) {
    if (signal.aborted) return;
    // On a reload, the server asks for the password or a login. Commands may be refused for other reasons; the refresh
    // after them tells.
    if (error?.code === "not_allowed" || error?.code === "bad_session") return location.reload();
    complain("look", error);
  }
  if (!signal.aborted && !document.hidden) next = setTimeout(look, pause);
}

beginBackups((path) => give(path, {}));
beginAnnouncing();
beginAppointing(look);
beginLinks();
find("#find").addEventListener("submit", (/** @type {Event} */ event) => event.preventDefault());
find("#find-text").addEventListener("input", () => {
  everybody.restart();
  clearTimeout(next);
  next = setTimeout(look, TYPING);
});
find("#acts-open").addEventListener("toggle", () => void look());
find("#settings-open").addEventListener("toggle", () => {
  if (!find("#settings-open").open) return;
  api.whole("/admin/settings/", ({ name }) => name).then(
    ({ response }) => {
      redraw(find("#settings-list"), settings, response);
      complain("settings", null);
    },
    (error) => complain("settings", error),
  );
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) return void look();
  clearTimeout(next);
  looking.abort();
});
void look();
