// The nickname as one's own: its password, and the devices that are logged in with it.

import { short } from "../text/time.js";
import { words } from "../text/words.js";
import * as api from "../transport/api.js";
import { makeForm, makeInput, openDialog } from "../view/dialog.js";
import { labelled, make, press } from "../view/dom.js";
import { emailParts } from "./emailForm.js";
import { order, reason } from "./orders.js";
import { privacyParts } from "./privacyDialog.js";
import { providerParts } from "./providerForm.js";
import { say } from "./settingsTexts.js";

/** @typedef {{id: string, host: string, since: string, online: boolean, this: boolean}} Device */

export async function openMember() {
  const content = make("div", "");
  openDialog(say.member, content);
  try {
    const me = await api.me();
    if (me.member) drawMember(content, me);
    else drawGuest(content, me);
  } catch (error) {
    content.replaceChildren(failure(error));
  }
}

/** @param {unknown} error */
const failure = (error) => make("p", "error", words.failed(reason(error)));

/** @param {"current-password" | "new-password"} kind */
function makePassword(kind) {
  const input = makeInput();
  input.type = "password";
  input.autocomplete = kind;
  input.required = true;
  input.maxLength = 256;
  return input;
}

/** @param {HTMLElement} content @param {any} me */
function drawGuest(content, me) {
  const [password, invitation] = [makePassword("new-password"), makeInput()];
  const rule = make("p", "hint", say.rule(me.limits.password));
  content.replaceChildren(makeForm(say.keepNick, async () => {
    // The whole link or its secret alone.
    const token = invitation.value.trim().replace(/^.*token=/, "");
    await order("/chat/register/", { password: password.value, invitation: token }, (code) => {
      if (code === "invitation_needed" && !invitation.isConnected) rule.after(labelled(say.invitation, invitation));
    });
    // The page behind the dialog must learn about it. Drafts survive this.
    content.closest("dialog")?.addEventListener("close", () => location.reload());
    drawMember(content, me, say.kept);
  }, make("p", "hint", say.guestHint), labelled(say.password, password), rule), partsFor(() => false));
  password.focus();
}

/** @param {HTMLElement} content @param {any} me @param {string} [news] */
function drawMember(content, me, news = "") {
  const state = make("p", "hint", news || say.memberHint(me.nick));
  state.setAttribute("role", "status");
  const devices = make("div", "devices");
  const [old, next] = [makePassword("current-password"), makePassword("new-password")];
  const form = makeForm(say.change, async () => {
    await order("/chat/password/", { password: old.value, new_password: next.value });
    old.value = next.value = "";
    state.textContent = say.changed;
    email?.forgetPending();
    await drawDevices(devices);
  }, labelled(say.oldPassword, old), labelled(say.newPassword, next), make("p", "hint", say.rule(me.limits.password)));
  const change = make("details", "", make("summary", "", say.changePassword), form);
  let hasPassword = true;
  /** @type {ReturnType<typeof emailParts> | null} */
  let email = null;
  content.replaceChildren(state, make("strong", "", say.devices), devices, change, partsFor(() => hasPassword));
  void drawDevices(devices).then((answer) => {
    if (!answer) return;
    // A member who logs in with a provider has none.
    hasPassword = answer.password !== false;
    if (!hasPassword) change.remove();
    const askPassword = () => makePassword("current-password");
    if (answer.provider && hasPassword) change.after(providerParts(answer.provider, askPassword));
    if (!answer.email) return;
    email = emailParts(answer.email, askPassword);
    change.after(email.part);
  });
}

/** @param {() => boolean} hasPassword */
const partsFor = (hasPassword) => privacyParts(hasPassword, () => makePassword("current-password"));

/** @param {HTMLElement} place @returns {Promise<any>} the server's answer; null if it is lost or refused */
async function drawDevices(place) {
  /** @param {Record<string, string>} form */
  const end = (form) => async () => {
    await order("/chat/devices/end/", form).catch(() => {});
    await drawDevices(place);
  };
  const answer = await api.call("/chat/devices/").catch((error) => {
    place.replaceChildren(failure(error));
    return null;
  });
  if (!answer) return null;
  /** @type {Device[]} */
  const devices = answer.response;
  const rows = devices.map((device) => make("li", "",
    make("span", "", `${say.device(device.host, short(new Date(device.since)))} `),
    device.this ? make("strong", "", say.thisDevice) : press(say.end, end({ id: device.id }), "quiet grave")));
  place.replaceChildren(make("ul", "", ...rows), ...(devices.length > 2 ? [press(say.endOthers, end({}), "quiet grave")] : []));
  return answer;
}
