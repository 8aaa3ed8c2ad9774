// This tab's session: enters the chat, applies what the connection delivers, and loads older messages.
// Reports to its host; draws nothing.

import { replaceAdmins } from "../model/admins.js";
import { Chat } from "../model/chat.js";
import { keyOf } from "../model/conversation.js";
import * as marks from "../model/marks.js";
import { LOBBY } from "../model/rooms.js";
import * as api from "../transport/api.js";
import { Connection } from "../transport/connection.js";
import { pauses } from "../transport/pace.js";
import { enter, past } from "./enter.js";

// What a slow network may add to the server's poll time-out and jitter.
const GRACE = 15_000;
const PAGE = 100;
// How many pages are loaded to show where the unread lines begin.
const SEEK = 3;
const SHARE = 3000;
const RECONSIDER = 200;
// An "entered" or an own whisper this soon after a command is its result. A later one is another tab's.
const ANSWER = 30_000;

/** @typedef {import("../model/conversation.js").Conversation} Conversation */

export class Session {
  chat = new Chat();
  /** @type {import("../text/limits.js").Limits & Record<string, number>} */
  limits = { message: 2000 };
  user = "";
  /** When another tab of the session was last looked at. */
  lookedAt = -Infinity;
  member = false;
  /** Whether the server thought at the last entering that nobody is at this device. */
  away = false;
  #epoch = "";
  /** What was read here and not yet told to the other devices. @type {Map<Conversation, number>} */
  #unshared = new Map();
  #sharing = 0;
  #reconsidering = 0;
  #host;
  #saving = 0;
  /** The id up to which no private message is missing in this log. */
  #seen = -1;
  /** Whether later private messages could not be loaded. */
  #lacks = false;
  /** What this tab's commands will open. @type {{kind: "room" | "person", name: string, from: string, at: number}[]} */
  #asked = [];

  /** @param {{changed: () => void, news: (news: import("../model/chat.js").News[], leading: boolean) => void, entered: () => void,
   *   writing: () => number, opened: (from: string, where: Conversation) => void, refused: (from: string) => void,
   *   edited: (item: any) => void, missed: (since: number) => void, typing: (signal: any) => void,
   *   away: (word: import("../transport/tabs.js").Word) => void,
   *   report: (report: import("../transport/connection.js").Report) => void}} host
   *   opened: a command typed in the conversation with the key from has opened where; refused: it opens nothing; edited: or deleted;
   *   missed: the same, at any time since; typing: somebody types, or stopped; away: whether nobody is at this device, as another tab says;
   *   writing: the performance.now() of the last edit of the message box; -Infinity if it is empty */
  constructor(host) {
    this.#host = host;
    this.connection = new Connection({
      enter: (signal) => this.#enter(signal),
      deliver: (items, leading) => this.#deliver(items, leading),
      report: host.report,
      hear: (word) => this.#hear(word),
    });
  }

  /** Enters, also after resync: valid lines stay, missed ones come from history. @param {AbortSignal} signal */
  async #enter(signal) {
    const { chat } = this;
    const entered = await enter(
      signal,
      (room, epoch) => (epoch === this.#epoch ? chat.open("room", room).newest(chat.era) : -1),
      // On another device of a member, all private messages are missing.
      (epoch, { user_id: user, member }) =>
        (user === this.user && epoch === this.#epoch ? this.#seen : marks.recall(user, epoch).seen ?? (member ? 0 : -1)));
    const { me, cursor, lists, pasts, whispers, seen } = entered;
    const first = me.user_id !== this.user;
    const stays = !first && cursor.epoch === this.#epoch;
    if (first) chat.reset();
    else if (cursor.epoch !== this.#epoch) chat.nextEra();
    this.user = me.user_id;
    this.#epoch = cursor.epoch ?? "";
    chat.me = me.nick;
    chat.admin = me.admin;
    this.member = me.member;
    this.away = me.away === true;
    this.chat.prefer(me.preferences);
    replaceAdmins(me.admins ?? []);
    this.limits = me.limits;
    this.connection.hold = (me.limits.poll_timeout + (me.limits.poll_jitter ?? 5)) * 1000 + GRACE;
    pauses.first = (me.limits.retry_first ?? 0.5) * 1000;
    pauses.longest = (me.limits.retry_longest ?? 10) * 1000;
    chat.replaceRooms(lists);
    for (const [room, { items, joined, whole }] of pasts) {
      const conversation = chat.open("room", room);
      if (!joined) conversation.clear();
      conversation.add(items.flatMap((item) => chat.read(item)).map(({ line }) => line));
      conversation.whole ||= whole;
    }
    if (first) this.#recall(me.read ?? []);
    this.#catchUp(whispers, seen);
    for (const mark of me.read ?? []) this.#of(mark)?.read(mark.up_to);
    if (first) this.mark(chat.selected);
    this.#lacks = whispers.refused === true;
    this.#seen = this.#lacks ? seen : cursor.next - 1;
    // Messages that arrive while no page is open are missing from here on.
    this.save();
    this.#host.entered();
    if (stays) this.#host.missed(seen);
    return { cursor, user: this.user };
  }

  /**
   * Adds the private messages of a gap, including those of new people.
   * @param {import("./enter.js").Past} whispers @param {number} seen the gap begins after it
   */
  #catchUp({ items, joined }, seen) {
    const known = new Set(this.chat.conversations);
    const all = items.flatMap((item) => this.chat.read(item));
    for (const conversation of new Set(all.map((one) => one.conversation))) {
      // Scrolling up loads what is older, without a gap.
      if (!joined) conversation.clear();
      conversation.add(all.filter((one) => one.conversation === conversation).map(({ line }) => line));
      if (!known.has(conversation)) conversation.read(seen);
    }
  }

  /** The conversation that a member has read elsewhere. @param {{room?: string, with?: string}} mark */
  #of(mark) {
    return mark.with ? this.chat.conversations.find(({ id }) => id === mark.with) : this.chat.find(keyOf("room", mark.room ?? LOBBY));
  }

  /** Restores what was read before a reload, or on other devices. At the first login everything counts as read. @param {any[]} read */
  #recall(read) {
    const { chat } = this;
    const kept = marks.recall(this.user, this.#epoch);
    for (const one of kept.people) {
      this.older(typeof one === "string" ? chat.open("person", one) : chat.restore(one)).catch(() => { /* retried on scrolling up */ });
    }
    for (const conversation of chat.conversations) {
      const mark = read.find((one) => this.#of(one) === conversation);
      conversation.read(kept.read[conversation.key] ?? mark?.up_to ?? conversation.newest(chat.era));
    }
    chat.selected = chat.find(kept.open) ?? chat.selected;
  }

  /** @param {any[]} items @param {boolean} leading */
  #deliver(items, leading) {
    const all = [];
    for (const item of items) {
      if (!this.#lacks) this.#seen = Math.max(this.#seen, item.id);
      // An unreadable item must not end the chat.
      try {
        if (/^message_|^reaction/.test(item.t)) this.#host.edited(item);
        if (item.t === "read" && this.#of({ room: item.room, ...item.d })?.read(item.d.up_to)) this.#host.changed();
        if (this.chat.doubts(item)) this.#reconsider(item.id);
        const news = this.chat.apply(item);
        for (const { conversation, line } of news) {
          if (conversation.add([line]).length > 0) all.push({ conversation, line });
        }
        if (item.kind === "whisper" && news.length > 0) news[0].conversation.gone = false;
        if (item.kind === "entered" && news.length > 0) this.#cameInto(item);
        if (item.kind === "whisper" && item.data.own) this.#answers("person", item.data.to, news[0].conversation);
        if (item.t === "system_msg" && !item.kind) this.#refuses(item.text ?? String(item.d));
      } catch (error) {
        console.error("unreadable item", item.id, error);
      }
    }
    // Private conversations must survive a reload.
    if (all.some(({ conversation }) => conversation.kind === "person")) this.save();
    this.#host.news(all, leading);
  }

  /** Asks for the preferences again. @param {number} id what the server must know by now */
  #reconsider(id) {
    this.#reconsidering ||= setTimeout(async () => {
      this.#reconsidering = 0;
      const me = await api.me(undefined, { seen: id + 1 }).catch(() => null);
      // They come with the next entry, if not now.
      if (!me) return;
      this.chat.prefer(me.preferences);
      this.#host.changed();
    }, RECONSIDER);
  }

  /** @param {any} item */
  #cameInto({ id, data }) {
    const { chat } = this;
    const conversation = chat.open("room", data.room);
    conversation.read(id);
    this.#answers("room", data.room, conversation);
    past(data.room, id, -1).then(({ items, whole }) => {
      conversation.add(items.flatMap((item) => chat.read(item)).map(({ line }) => line));
      conversation.whole = whole;
      this.#host.changed();
    }, () => { /* the room works without history */ });
  }

  /**
   * This tab sent a command that opens a conversation, so it should be shown here.
   * @param {"room" | "person"} kind @param {string} name its name @param {string} [from] the key of where it was typed
   */
  expect(kind, name, from = "") {
    this.#asked.push({ kind, name: name.toLowerCase(), from, at: performance.now() });
  }

  /**
   * Shows it, unless the user has begun to type since: then it waits in the side bar, as it has another draft.
   * @param {"room" | "person"} kind @param {string} name @param {Conversation} conversation what has opened
   */
  #answers(kind, name, conversation) {
    this.#asked = this.#asked.filter(({ at }) => performance.now() - at < ANSWER);
    const names = [name.toLowerCase(), conversation.label.toLowerCase()];
    const found = this.#asked.findIndex((one) => one.kind === kind && names.includes(one.name));
    if (found < 0) return;
    const [{ from, at }] = this.#asked.splice(found, 1);
    if (this.#host.writing() <= at) this.select(conversation);
    this.#host.opened(from, conversation);
  }

  /**
   * A command that opens nothing is answered by a text that names its target, such as "There is no user nobody." A text that names it for
   * another reason does no harm: what was written meanwhile goes back to the message box.
   * @param {string} text
   */
  #refuses(text) {
    const said = text.toLowerCase().split(/[^\p{L}\p{N}_-]+/u);
    const found = this.#asked.findIndex(({ name }) => said.includes(name));
    if (found < 0) return;
    const [{ from }] = this.#asked.splice(found, 1);
    this.#host.refused(from);
  }

  /** @param {Conversation} conversation @param {Conversation | null} [past] the part of it that is shown instead of its end */
  select(conversation, past = null) {
    const { selected } = this.chat;
    if (selected === conversation && conversation.past === past) return;
    selected.past = null;
    conversation.past = past;
    if (selected !== conversation) {
      selected.marker = null;
      this.chat.selected = conversation;
      this.mark(conversation);
      this.save();
    }
    this.#host.changed();
  }

  /** Marks where the unread lines begin. @param {Conversation} conversation */
  mark(conversation) {
    if (conversation.unread === 0) return;
    // Of a line of joins and leaves, the first counts: others may have joined it since.
    const isRead = (/** @type {import("../model/line.js").Line} */ { id, era, presence }) =>
      (presence?.[0].id ?? id) <= conversation.readTo || era < this.chat.era;
    conversation.marker = conversation.lines.findLast(isRead) ?? null;
    if (!conversation.marker && !conversation.whole) void this.#seek(conversation);
  }

  /** Loads lines up to where the unread begin, if that is not too far back. @param {Conversation} conversation */
  async #seek(conversation) {
    if (conversation.seeking) return;
    conversation.seeking = true;
    try {
      for (let pages = 0; pages < SEEK && !conversation.marker && await this.older(conversation); pages++) {
        if (conversation.lines[0].id <= conversation.readTo) this.mark(conversation);
        if (conversation.whole) break;
      }
    } catch { /* it opens at its end */ }
    conversation.seeking = false;
    this.#host.changed();
  }

  /** The user has seen all up to a line. @param {Conversation} conversation @param {import("../model/line.js").Line} line */
  read(conversation, { era, id }) {
    if (era !== this.chat.era || !conversation.read(id)) return;
    this.connection.say({ type: "read", key: conversation.key, person: conversation.id, id });
    if (this.member) this.#share(conversation, id);
    this.save();
    this.#host.changed();
  }

  /** Tells a member's other devices what was read, not too often. @param {Conversation} conversation @param {number} id */
  #share(conversation, id) {
    this.#unshared.set(conversation, id);
    this.#sharing ||= setTimeout(() => {
      this.#sharing = 0;
      for (const [{ kind, name, id: person }, upTo] of this.#unshared) {
        // A mark that is lost is made good by the next one.
        api.markRead(kind === "room" ? "room" : "with", kind === "room" ? name : person ?? "", upTo).catch(() => {});
      }
      this.#unshared.clear();
    }, SHARE);
  }

  /**
   * Loads a page of older messages.
   * @param {Conversation} conversation @param {number} [count] @returns {Promise<boolean>} whether there is more to see now
   */
  async older(conversation, count = PAGE) {
    // Until the chat is entered, the user is unknown, and marks could overwrite another user's.
    if (!this.user) return false;
    const before = conversation.lines.find(({ era }) => era === this.chat.era)?.id ?? Number.MAX_SAFE_INTEGER;
    const page = await this.page(conversation, `before=${before}`, count);
    if (!page) return false;
    conversation.prepend(page.lines);
    if (!page.more) conversation.whole = true;
    this.#host.changed();
    return true;
  }

  /**
   * Reads a page of a conversation. Null if there is another log meanwhile.
   * @param {Conversation} conversation @param {string} side before=, after= or around= an id @param {number} count
   */
  async page(conversation, side, count) {
    const { chat } = this;
    const { era } = chat;
    const person = conversation.kind === "person";
    /** @type {{items: any[], more: boolean, newer: boolean, id?: string}} */
    const { items, more, newer, id } = await (person ? api.historyWith(conversation, side, count)
      : api.history(conversation.name, side, count));
    if (era !== chat.era) return null;
    // Without an id yet, it is with the person who has the nick now, or had it last.
    if (person && !conversation.id) conversation.id = chat.takenBy(conversation, id ?? otherOf(items.at(-1)));
    // Other people who had the nick have separate conversations.
    const own = conversation.id ? items.filter((item) => (otherOf(item) ?? conversation.id) === conversation.id) : items;
    return { lines: own.flatMap((item) => chat.read(item)).map(({ line }) => line), more, newer };
  }

  /** @param {import("../transport/tabs.js").Word} word */
  #hear(word) {
    if (word.type === "looking") this.lookedAt = performance.now();
    if (word.type === "typing") this.#host.typing(word.signal);
    if (word.type === "away") this.#host.away(word);
    if (word.type !== "read") return;
    // If two people had the same nick, each tab may have met the other one first.
    const keyed = this.chat.find(word.key);
    const same = word.person && (this.chat.conversations.find(({ id }) => id === word.person) ?? (keyed?.id ? undefined : keyed));
    if ((word.person ? same : keyed)?.read(word.id)) this.#host.changed();
  }

  /** Saves soon, since many changes come at once. */
  save() {
    if (!this.user) return;
    this.#saving ||= setTimeout(() => this.flush(), 200);
  }

  /** Saves now, because the page is being left. */
  flush() {
    if (!this.#saving) return;
    clearTimeout(this.#saving);
    this.#saving = 0;
    marks.keep(this.user, this.#epoch, this.#seen, this.chat);
  }
}

/** The other person's id. @param {any} [whisper] */
const otherOf = (whisper) => (whisper?.data?.own ? whisper.to_id : whisper?.from_id);
