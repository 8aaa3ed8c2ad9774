// The chat page connects transport, model and view. Items flow one way only:
// connection → session (chat, conversations, lines) → view. Messages leave through the outbox.

import { isShown } from "./model/line.js";
import { keepReply, restoreReply } from "./model/replies.js";
import { PendingOpen } from "./session/pendingOpen.js";
import { Session } from "./session/session.js";
import { refusal, speak, words } from "./text/words.js";
import * as api from "./transport/api.js";
import { Outbox, typed } from "./transport/outbox.js";
import * as attention from "./view/attention.js";
import { openAuth } from "./view/authDialog.js";
import * as composer from "./view/composer.js";
import { find } from "./view/dom.js";
import * as extras from "./view/extras.js";
import * as drawers from "./view/drawers.js";
import * as dropped from "./view/dropped.js";
import * as keys from "./view/keys.js";
import { drawLetters } from "./view/pending.js";
import * as people from "./view/people.js";
import * as place from "./view/place.js";
import * as rich from "./view/rich.js";
import { openSearch } from "./view/searchDialog.js";
import * as sidebar from "./view/sidebar.js";
import * as status from "./view/status.js";
import * as suggestions from "./view/suggestions.js";
import { openSwitcher } from "./view/switcher.js";
import * as timeline from "./view/timeline.js";
import * as welcome from "./view/welcome.js";

/** @type {{name: string, usage: string, help: string, admin: boolean}[]} */
let commands = [];
// Other names of commands, which the server does not list.
const ALIASES = ["msg", "part"];
/** @type {Map<string, string>} */
let emoji = new Map();
/** @type {Promise<void> | null} */
let loading = null;
/** What the text in the message box answers, as is shown there. @type {import("./model/line.js").Reply | null} */
let replying = null;
/** Where the page's address leads, until it was opened. */
let wanted = place.here();
/** @type {typeof import("./lazy/pins.js") | undefined} */
let pins;
/** @type {typeof import("./lazy/typing.js") | undefined} */
let typing;
/** @type {typeof import("./lazy/away.js") | undefined} */
let away;

const session = new Session({
  changed: draw, news, entered, writing: composer.writing, report,
  edited: (item) => changes((lazily) => lazily.apply(session, item, draw)),
  missed: (since) => changes((lazily) => lazily.catchUp(session, since, draw)),
  away: (word) => away?.hear(word),
  typing: (signal) => lazy.typing().then(({ hear }) => hear(signal), () => { /* the next one tries again */ }),
  opened: (from, where) => opening.opened(from, where), refused: (from) => opening.refused(from),
});
const { chat, connection } = session;
const outbox = new Outbox(drawOutbox, failed);
const opening = new PendingOpen({
  send: sendTo,
  opens: (text) => opens(text) !== null,
  isOut: (letter) => outbox.letters.includes(letter),
  giveBack: (text, from) => {
    // In another conversation by now, it becomes the draft of its own.
    if (chat.selected.key === from.key) composer.give(text);
    else composer.keepDraft(chat.me, from.key, text);
    dropped.hint(words.givenBack);
    drawOutbox();
  },
  changed: drawOutbox,
});

function draw() {
  if (chat.me) place.follow(chat.selected);
  find("#me").textContent = chat.me;
  find("#admins").hidden = !chat.admin;
  sidebar.drawHeader(chat);
  composer.open(chat.me, chat.selected);
  restoreReply(session.user, chat.selected);
  if (chat.selected.reply !== replying) {
    replying = chat.selected.reply;
    keepReply(session.user, chat.selected.key, replying);
    openLazily(lazy.extras, ({ drawReply }) => drawReply(chat.selected));
  }
  welcome.draw(chat, join);
  timeline.draw(chat.selected.past ?? chat.selected, chat.me);
  const open = chat.rooms.get(chat.selected.room);
  if (pins) pins.learn(session);
  // Of a room that was entered just now, it is not known what is pinned.
  else if (open && open.pins === undefined) lazy.pins().catch(() => { /* the next time */ });
  typing?.draw();
  sidebar.draw(chat);
  people.draw(chat);
  attention.draw(chat);
  drawOutbox();
}

function drawOutbox() {
  const held = opening.waiting.map(({ text, from, asked }) => (
    { key: "", text, conversation: from.key, asked, began: asked, state: /** @type {const} */ ("waiting") }));
  const letters = [...outbox.letters, ...held].filter(({ conversation }) => conversation === chat.selected.key);
  timeline.drawPending(drawLetters(letters, {
    again: drawOutbox,
    retry: (letter) => outbox.retry(letter),
    discard: (letter) => outbox.discard(letter),
    edit: (letter) => {
      outbox.discard(letter);
      composer.give(typed(letter));
      if (letter.reply) {
        chat.selected.reply = letter.reply;
        draw();
      }
    },
  }));
}

/** @param {import("./transport/outbox.js").Letter} letter */
function failed({ code, conversation }) {
  const found = code === "person_left" && chat.find(conversation);
  if (!found) return;
  found.gone = true;
  session.save();
  draw();
}

/** @param {import("./model/chat.js").News[]} all @param {boolean} leading whether this tab speaks for the browser */
function news(all, leading) {
  const spoken = [];
  for (const one of all) {
    const { conversation, line } = one;
    typing?.said(conversation, line);
    if (!isShown(line, conversation.room)) continue;
    if (line.own) outbox.arrived(conversation.key, line.kind === "action" ? `/me ${line.text}` : line.text);
    // After the user's own message, nothing before it is unread.
    if (line.own && conversation === chat.selected) conversation.marker = null;
    if (conversation === chat.selected && !line.own) {
      spoken.push(line.kind === "system" ? line.text : words.says(line.nick ?? "", line.text));
    }
    const calls = line.mention || (conversation.kind === "person" && !line.own && line.kind !== "system");
    if (calls && leading && !document.hasFocus() && !attention.isLookedAt(session.lookedAt)) {
      // Without a connection, there are no news either.
      lazy.call().then(({ call }) => call(one, () => session.select(conversation)), () => {});
    }
  }
  if (!document.hasFocus() && chat.selected.unread > 0 && !chat.selected.marker) session.mark(chat.selected);
  attention.announce(spoken);
  draw();
  if (all.some(({ conversation, line }) => line.own && conversation === chat.selected)) timeline.toEnd();
}

function entered() {
  composer.allow(true, session.limits);
  draw();
  // Another version of the server may have others.
  loading = null;
  preload();
  useLink();
  usePlace();
  away?.entered();
  // Nothing announces a long press, so there is no time to load the menu when it begins.
  if (matchMedia("(any-pointer: coarse)").matches) {
    lazy.menu().then(({ prepare }) => prepare(session, draw), () => { /* the next entering tries again */ });
  }
}

/** Opens what the page's address names, once. */
function usePlace() {
  const to = wanted;
  const { selected } = chat;
  wanted = null;
  // Unless the user has gone elsewhere meanwhile.
  if (to) openLazily(lazy.permalink, ({ openPlace }) => selected === chat.selected && openPlace(session, to));
}

function useLink() {
  const secret = place.secretOfLink();
  if (secret && chat.me) openLazily(lazy.invited, ({ enterByLink }) => enterByLink(session, secret));
}

/** @param {import("./transport/connection.js").Report} now */
function report(now) {
  status.show(now);
  if (now.state === "connected") outbox.hurry();
  if (now.state === "ended") {
    outbox.close();
    // Whoever opens a link logs in first.
    if (place.isLink()) location.replace(`${api.BASE}/${location.hash}`);
    else if (wanted && !chat.me) location.replace(`${api.BASE}/${place.held()}`);
  }
  composer.allow(chat.me !== "" && now.state !== "ended" && now.state !== "superseded", session.limits);
}

/** Sends text from the message box. @param {string} text */
function write(text) {
  if (!opening.hold(text, chat.selected)) sendTo(text, chat.selected);
  timeline.toEnd();
}

/** Sends a button's command to the open conversation at once. @param {string} command */
function send(command) {
  outbox.add(command, chat.selected);
  timeline.toEnd();
}

/** Whether a text begins like a command, but there is none of that name. @param {string} text */
function isUnknown(text) {
  const name = /^\/([a-z\d]+)/i.exec(text)?.[1].toLowerCase();
  if (!name || commands.length === 0 || ALIASES.includes(name)) return false;
  if (commands.some((one) => one.name.split(" ")[0] === `/${name}`)) return false;
  dropped.hint(words.noCommand(name));
  return true;
}

/** What a command opens, if anything. @param {string} text @returns {{kind: "room" | "person", name: string} | null} */
function opens(text) {
  const found = /^\/(join|pm|msg)\s+"?[#@]?([^\s"]+)/i.exec(text);
  return found && { kind: found[1].toLowerCase() === "join" ? "room" : "person", name: found[2] };
}

/**
 * @param {string} text @param {import("./model/conversation.js").Conversation} conversation
 * @returns {import("./model/conversation.js").Conversation} where the next text belongs, as far as is known
 */
function sendTo(text, conversation) {
  const target = opens(text);
  // The server is not needed for a room that the user is in.
  const room = target?.kind === "room" && /^\S+\s+\S+\s*$/.test(text) && chat.roomCalled(target.name);
  if (room) {
    if (chat.selected === conversation) session.select(room);
    return room;
  }
  const gone = /^\/(away|back)\s*$/i.exec(text)?.[1].toLowerCase();
  if (gone) lazy.away().then(() => away?.setByHand(gone === "away"), () => { /* it ends with the next key after a pause */ });
  if (target) session.expect(target.kind, target.name, conversation.key);
  const answers = /^\/[a-z\d]/i.test(text) ? null : conversation.reply;
  const letter = outbox.add(text, conversation, answers);
  if (answers) {
    conversation.reply = null;
    keepReply(session.user, conversation.key);
    draw();
  }
  if (target) opening.begin(letter);
  return conversation;
}

// Dialogs are loaded when first opened, or in advance while the page is idle: they should work without a connection too.
const lazy = {
  settings: () => import("./lazy/settingsDialog.js"),
  person: () => import("./lazy/person.js"),
  moderation: () => import("./lazy/moderation.js"),
  results: () => import("./lazy/searchResults.js"),
  reach: () => import("./lazy/reach.js"),
  call: () => import("./lazy/call.js"),
  leaving: () => import("./lazy/leaving.js"),
  room: () => import("./lazy/roomDialog.js"),
  invited: () => import("./lazy/invited.js"),
  copy: () => import("./lazy/copy.js"),
  emoji: () => import("./lazy/markup/emoji.js").then((names) => {
    emoji = names.emoji;
    suggestions.moreKnown();
  }),
  rooms: () => import("./lazy/joinDialog.js"),
  switcher: () => import("./lazy/switcher.js"),
  inbox: () => import("./lazy/inbox.js"),
  changes: () => import("./lazy/changes.js"),
  editing: () => import("./lazy/editing.js"),
  menu: () => import("./lazy/messageMenu.js"),
  extras: () => import("./lazy/extras.js").then((loaded) => {
    loaded.begin(session, draw);
    return loaded;
  }),
  pins: () => import("./lazy/pins.js").then((loaded) => {
    pins = loaded;
    pins.learn(session);
    return loaded;
  }),
  permalink: () => import("./lazy/permalink.js"),
  away: () => import("./lazy/away.js").then((loaded) => {
    if (!away) loaded.begin(session);
    away = loaded;
  }),
  typing: () => import("./lazy/typing.js").then((loaded) => {
    if (!typing) loaded.begin(session);
    typing = loaded;
    return loaded;
  }),
  picker: () => import("./lazy/emojiPicker.js"),
};
const SETTLED = 5000;
let preloads = false;

function preload() {
  if (preloads) return;
  preloads = true;
  const load = () => [...Object.values(lazy), loadCommands].forEach((one) => void one().catch(() => { /* retried when it is opened */ }));
  setTimeout(() => ("requestIdleCallback" in window ? requestIdleCallback(load) : load()), SETTLED);
}

/** Loads the commands, when the user begins one or in advance. */
function loadCommands() {
  loading ??= api.commands().then((all) => {
    commands = all.map((each) => ({ ...each, help: words.commands[each.usage] ?? each.help }));
    suggestions.moreKnown();
  }, () => {
    loading = null;
  });
  return loading;
}

/** @template T @param {() => Promise<T>} load @param {(loaded: T) => unknown} run */
function openLazily(load, run) {
  load().then(run, () => dropped.hint(words.failed(refusal("lost"))));
}

/** @param {(loaded: typeof import("./lazy/changes.js")) => void} run */
function changes(run) {
  // Without it, messages would stay as they were.
  lazy.changes().then(run, () => setTimeout(changes, SETTLED, run));
}

/** Whether it is young enough. @param {import("./model/line.js").Line} line */
const isEditable = ({ at }) => Date.now() - Date.parse(at ?? "") < (session.limits?.edit_window ?? 0) * 1000;

function editLast() {
  const line = chat.selected.lines.findLast((one) => one.own);
  if (!line || line.era !== chat.era || !isEditable(line)) return false;
  openLazily(lazy.editing, ({ edit }) => edit(line));
  return true;
}

const openSettings = () => openLazily(lazy.settings, (dialog) => dialog.openSettings());
const openShortcuts = () => openLazily(lazy.settings, (dialog) => dialog.openShortcuts());
const leave = (/** @type {"logOut" | "leaveRoom"} */ what) => openLazily(lazy.leaving, (leaving) => leaving[what](session, outbox, draw));
const join = () => openLazily(lazy.rooms, ({ openJoin }) => openJoin(session));
const goTo = () => openSwitcher((dialog, input) => lazy.switcher().then(({ begin }) => begin(session, dialog, input)));
const inbox = () => openLazily(lazy.inbox, ({ openInbox }) => openInbox(session));
const search = () => openSearch(session.user, () => lazy.results().then((results) => ({
  fill: (limits) => results.fill(session, limits),
  search: (place, text, limits) => results.search(session, place, text, limits),
})));

speak(document);
rich.begin({
  load: () => import("./lazy/markup/draw.js"),
  came: () => {
    timeline.redraw();
    drawOutbox();
  },
});
extras.begin(() => lazy.extras(), timeline.redraw);
drawers.begin();
place.begin((key) => {
  const conversation = chat.find(key);
  if (conversation) session.select(conversation);
});
composer.begin({
  send: write, authenticate: openAuth, editLast, refuses: isUnknown,
  typed: (text) => lazy.typing().then(({ tell }) => tell(text), () => { /* nobody needs to know */ }),
});
dropped.begin({ insert: composer.insert });
suggestions.begin(() => {
  if (find("#input").value.startsWith("/")) void loadCommands();
  if (emoji.size === 0 && find("#input").value.includes(":")) lazy.emoji().catch(() => { /* the next key tries again */ });
  return {
    nicks: chat.selected.kind === "room" ? [...(chat.rooms.get(chat.selected.name)?.users ?? [])].sort() : [chat.selected.name],
    commands: commands.filter(({ admin }) => !admin || chat.admin),
    emoji,
  };
});
timeline.begin({
  older: (conversation) => session.older(conversation),
  newer: (part) => openLazily(lazy.reach, ({ newer }) => newer(session, part, draw)),
  present: () => session.select(chat.selected),
  seen: (conversation, line) => session.read(conversation, line),
});
sidebar.begin((key) => {
  const conversation = chat.find(key);
  if (conversation) session.select(conversation);
  if (matchMedia("(pointer: fine)").matches) find("#input").focus();
});
keys.begin({
  step: (by) => session.select(chat.neighbour(by, () => true)),
  nextUnread: () => session.select(chat.neighbour(1, ({ unread }) => unread > 0)),
  goTo,
  inbox,
  search,
  help: openShortcuts,
  escape: () => {
    if (drawers.close()) return;
    timeline.toEnd();
    find("#input").focus();
  },
  scroll: timeline.scrollBy,
});
for (const id of ["#users", "#messages"]) {
  find(id).addEventListener("click", (/** @type {Event} */ event) => {
    const button = /** @type {HTMLElement} */ (event.target).closest("button");
    const nick = button?.dataset.nick;
    if (!nick) return;
    openLazily(lazy.person, ({ openPerson }) =>
      openPerson(button, nick, session, { mention: (name) => composer.insert(`@${name} `), send }));
  });
}
for (const type of ["pointerover", "focusin"]) {
  find("#messages").addEventListener(type, (/** @type {Event} */ event) =>
    lazy.menu().then(({ reach }) => reach(session, event, draw), () => { /* next time */ }));
}
/** @type {[string, () => unknown][]} */
const pressed = [
  ["#logout", () => leave("logOut")], ["#leave-room", () => leave("leaveRoom")], ["#join-open", join],
  ["#switch-open", goTo], ["#inbox-open", inbox],
  ["#search-open", search], ["#pins-open", () => openLazily(lazy.pins, ({ openPins }) => openPins(session))],
  ["#settings-open", openSettings], ["#shortcuts-open", openShortcuts],
  ["#room-open", () => openLazily(lazy.room, ({ openRoom }) => openRoom(chat.selected))],
  ["#emoji-open", () => openLazily(lazy.picker, ({ openPicker }) => openPicker(find("#emoji-open"), composer.insert))],
  ["#bans-open", () => openLazily(lazy.moderation, ({ openBans }) => openBans(send))],
];
for (const [id, run] of pressed) find(id).addEventListener("click", run);
status.onAction(() => {
  connection.retryNow();
  connection.start();
});

// The browser ends the poll when the page is left, which is no lost connection. The page may return from the cache.
addEventListener("pagehide", () => {
  connection.stop();
  session.flush();
  composer.flush();
  for (const letter of outbox.letters) {
    if (letter.state === "sent") continue;
    composer.keepDraft(chat.me, letter.conversation, typed(letter));
    if (letter.reply) keepReply(session.user, letter.conversation, letter.reply);
  }
  for (const { from, text } of opening.waiting) composer.keepDraft(chat.me, from.key, text);
});
addEventListener("pageshow", (event) => event.persisted && connection.start());

addEventListener("hashchange", useLink);

attention.tellLooking(() => connection.say({ type: "looking" }));

draw();
connection.start();
