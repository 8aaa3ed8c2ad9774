// The page's state: the rooms and their people, the conversations and their lines, and which one is open.
// Nothing here draws. The code that changes it tells the view.

import { prefer, preferences } from "../storage/settings.js";
import { calm } from "../text/limits.js";
import { words } from "../text/words.js";
import { addAdmin, removeAdmin } from "./admins.js";
import { Conversation, keyOf } from "./conversation.js";
import { leftText, presenceLine, saidLine, systemLine } from "./line.js";
import { LOBBY, Rooms } from "./rooms.js";

/** @typedef {import("./line.js").Line} Line */
/** @typedef {{conversation: Conversation, line: Line}} News */

export class Chat {
  rooms = new Rooms();
  me = "";
  admin = false;
  /** Counts the logs seen; see line.js. */
  era = 0;
  /** @type {Map<string, Conversation>} */
  #conversations = new Map();
  /** @type {Conversation} */
  selected = this.open("room", LOBBY);

  /** The lobby first, then rooms, then people; each by name. @returns {Conversation[]} */
  get conversations() {
    const rank = (/** @type {Conversation} */ { kind, name }) => (kind === "person" ? 2 : Number(name !== LOBBY));
    return [...this.#conversations.values()].sort((a, b) => rank(a) - rank(b) || a.label.localeCompare(b.label));
  }

  /** @param {string} key */
  find(key) {
    return this.#conversations.get(key);
  }

  /** @param {"room" | "person"} kind @param {string} name */
  open(kind, name) {
    const key = keyOf(kind, name);
    let found = this.#conversations.get(key);
    if (!found) this.#conversations.set(key, found = new Conversation(kind, name));
    return found;
  }

  /**
   * The conversation with a person, who may share a nick with others. One begun with just a nick gets the first id known for it.
   * @param {string} nick @param {string} [id] the person's; old servers do not send it
   */
  person(nick, id) {
    const found = this.known(nick, id) ?? (id ? this.#begin(nick, id) : this.open("person", nick));
    found.id ??= id;
    return found;
  }

  /** The conversation with a person, if there is one. @param {string} nick @param {string} [id] */
  known(nick, id) {
    const begun = this.withNick(nick);
    if (!id) return begun;
    return [...this.#conversations.values()].find((one) => one.id === id) ?? (begun?.id ? undefined : begun);
  }

  /** The conversation with the person who has a nick now, as far as is known. @param {string} nick */
  withNick(nick) {
    return [...this.#conversations.values()]
      .findLast((one) => one.kind === "person" && !one.gone && one.name.toLowerCase() === nick.toLowerCase());
  }

  /**
   * The id for a conversation without one; undefined if another conversation has it.
   * @param {Conversation} conversation @param {string} [id]
   */
  takenBy(conversation, id) {
    return [...this.#conversations.values()].some((one) => one !== conversation && one.id === id) ? undefined : id;
  }

  /** @param {string} nick @param {string} id */
  #begin(nick, id) {
    const plain = keyOf("person", nick);
    const conversation = new Conversation("person", nick, this.#conversations.has(plain) ? `${plain} ${id}` : plain);
    this.#conversations.set(conversation.key, conversation);
    return conversation;
  }

  /** Restores one from before this page was loaded. @param {{name: string, key: string, id?: string, gone?: boolean}} kept */
  restore({ name, key, id, gone }) {
    let found = this.#conversations.get(key);
    if (!found) this.#conversations.set(key, found = new Conversation("person", name, key));
    found.id ??= id;
    found.gone ||= gone === true;
    return found;
  }

  /** Whether the person of a conversation is here, not just the nick. @param {Conversation} conversation */
  hasPerson({ name, gone }) {
    return !gone && this.isHere(name);
  }

  /** @param {Conversation} conversation */
  close(conversation) {
    this.#conversations.delete(conversation.key);
    if (this.selected === conversation) this.selected = this.open("room", LOBBY);
  }

  /** Another session begins, which must see nothing of the last. */
  reset() {
    this.#conversations.clear();
    this.selected = this.open("room", LOBBY);
  }

  /** Another log: rooms are read again. Private messages are kept, because the server has lost them. */
  nextEra() {
    this.era++;
    for (const conversation of this.conversations) {
      conversation.readTo = -1;
      conversation.past = null;
      if (conversation.kind === "room") conversation.clear();
    }
  }

  /** A room that the user is in, by its name or its label. @param {string} called */
  roomCalled(called) {
    return this.conversations.find(({ kind, name, label }) => kind === "room" && this.rooms.get(name)
      && [name, label].some((one) => one.toLowerCase() === called.toLowerCase()));
  }

  /** Replaces the lists of people. @param {import("./rooms.js").List[]} lists */
  replaceRooms(lists) {
    this.rooms.replace(lists);
    for (const list of lists) this.#describe(list);
    for (const conversation of this.conversations) {
      if (conversation.kind === "room" && !this.rooms.get(conversation.name) && conversation.name !== LOBBY) this.close(conversation);
    }
  }

  /** @param {{name: string, title?: string, topic?: string}} room @returns {string} its label */
  #describe({ name, title, topic }) {
    const room = this.open("room", name);
    room.topic = calm(topic ?? "");
    return room.label = title ?? name;
  }

  /** The next wanted conversation in the list. @param {1 | -1} by @param {(one: Conversation) => boolean} wanted */
  neighbour(by, wanted) {
    const all = this.conversations;
    const at = all.indexOf(this.selected);
    for (let i = 1; i < all.length; i++) {
      const one = all[(at + by * i + all.length * i) % all.length];
      if (wanted(one)) return one;
    }
    return this.selected;
  }

  /** @param {any} [kept] the preferences, as the server sends them */
  prefer(kept) {
    prefer(kept);
    for (const conversation of this.conversations) conversation.changed();
  }

  /** Whether the preferences may have changed: also if another user has taken the nick of one who is ignored. @param {any} item */
  doubts({ t, d, back }) {
    return t === "preferences" || (t === "user_joined_room" && !back && preferences.ignored.some(({ nick }) => nick === d));
  }

  /** @param {string} nick */
  isHere(nick) {
    return this.rooms.get(LOBBY)?.users.has(nick) === true;
  }

  /** Whether somebody who is here is away. @param {string} nick */
  isAway(nick) {
    return this.rooms.isAway(nick) && this.isHere(nick);
  }

  /** Applies a live item; returns its lines, or none if a list already included it. @param {any} item @returns {News[]} */
  apply(item) {
    const { id, d } = item;
    const room = item.room ?? LOBBY;
    switch (item.t === "system_msg" ? item.kind : item.t) {
      case "user_joined_room":
        return this.#moved(item, d, words.joined(d), (name) => this.rooms.join(name, d, id), !item.back);
      case "user_left_room":
        return this.#moved(item, d.nick, leftText(d.nick, d.reason), (name) => this.rooms.leave(name, d.nick, id), !item.offline);
      case "admin_logged_in":
      case "admin_logged_out": {
        const now = item.t === "admin_logged_in";
        if (d === this.me) this.admin = now;
        if (now) addAdmin(d, id);
        else removeAdmin(d);
        return this.#tell("room", LOBBY, item, now ? words.adminIn(d) : words.adminOut(d));
      }
      case "entered":
        if (!this.rooms.enter({ ...item.data, name: item.data.room, asOf: id })) return [];
        return this.#tell("room", item.data.room, item, words.entered(this.#describe({ ...item.data, name: item.data.room })));
      case "parted": {
        if (!this.rooms.part(item.data.room, id)) return [];
        const left = this.find(keyOf("room", item.data.room));
        if (left) this.close(left);
        return this.#tell("room", LOBBY, item, item.data.by ? item.text ?? item.d : words.parted(left?.label ?? item.data.room));
      }
      case "away":
        this.rooms.setAway(d.nick, d.on, id);
        return [];
      case "topic":
        this.open("room", room).topic = calm(item.data.topic);
        break;
      case "room_renamed":
        this.open("room", room).label = item.data.title ?? room;
    }
    return this.read({ ...item, live: true });
  }

  /** The lines of an item that changes no state: from history, or a mere message. @param {any} item @returns {News[]} */
  read(item) {
    const { t, d, data } = item;
    const room = item.room ?? LOBBY;
    if (t === "chat_msg" || t === "sent_chat_msg") {
      const own = t === "sent_chat_msg" || d.nick === this.me;
      return this.#news("room", room, saidLine(this.era, item, { nick: d.nick, text: d.msg, own, action: item.action }, this.me));
    }
    if (t !== "system_msg") return [];
    if (item.kind === "whisper") {
      const conversation = data.own ? this.person(data.to, item.to_id) : this.person(data.from, item.from_id);
      return [{ conversation, line: saidLine(this.era, item, { nick: data.from, text: data.msg, own: data.own }, this.me) }];
    }
    if (item.kind === "topic") return this.#tell("room", room, item, words.topicSet(data.nick, data.topic));
    // d is HTML for old clients: ugly but harmless as text. The member text is the same as plain text.
    const conversation = item.room ? this.open("room", room) : this.selected;
    return [{ conversation, line: systemLine(this.era, item, item.text ?? String(d)) }];
  }

  /** @param {"room" | "person"} kind @param {string} name @param {Line} line @returns {News[]} */
  #news(kind, name, line) {
    return [{ conversation: this.open(kind, name), line }];
  }

  /** @param {"room" | "person"} kind @param {string} name @param {any} item @param {string} text */
  #tell(kind, name, item, text) {
    return this.#news(kind, name, systemLine(this.era, item, text));
  }

  /**
   * Someone came or went, perhaps in several rooms at once. Also shows in the private chat, where whoever has that nick next may be
   * another person to the server.
   * @param {any} item @param {string} nick @param {string} text @param {(room: string) => boolean} change @param {boolean} gone
   * @returns {News[]}
   */
  #moved(item, nick, text, change, gone) {
    const line = () => presenceLine(this.era, item, nick, text);
    // Also if somebody else has the nick now.
    this.rooms.setAway(nick, false, item.id);
    const rooms = (item.rooms ?? item.d.rooms ?? [item.room ?? LOBBY]).filter(change);
    if (rooms.includes(LOBBY) && !this.isHere(nick)) removeAdmin(nick, item.offline);
    const conversation = rooms.includes(LOBBY) && this.withNick(nick);
    if (conversation) conversation.gone = gone && conversation.id !== undefined;
    const told = conversation ? [{ conversation, line: line() }] : [];
    return [...rooms.flatMap((/** @type {string} */ name) => this.#news("room", name, line())), ...told];
  }
}
