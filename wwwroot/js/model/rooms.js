// The session's rooms and their members. Each list is as of an id: it includes all events up to that id.
// So lists and events may arrive in any order, with the same result.

export const LOBBY = "lobby";

/** @typedef {{users: Set<string>, asOf: number, pins?: number}} Room  pins: how many messages are pinned, as far as is known */
/** @typedef {{name: string, title?: string, topic?: string, users: string[], away?: string[], asOf: number, pins?: number}} List */

// How often people who are not away are noted until they are forgotten. Such notes only guard against lists that are on their way.
const MOST_HERE = 20_000;

export class Rooms {
  /** @type {Map<string, Room>} */
  #rooms = new Map();
  /** The ids at which rooms were left, so that a late answer does not bring them back. @type {Map<string, number>} */
  #parted = new Map();
  /** Who is away, and as of which id that is known. @type {Map<string, {on: boolean, asOf: number}>} */
  #away = new Map();
  /** Grows when anybody goes or comes back. */
  awayVersion = 0;
  /** How many notes there may be of people who are not away. */
  #here = 0;

  /** @param {string} nick */
  isAway(nick) {
    return this.#away.get(nick)?.on === true;
  }

  /** @param {string} nick @param {boolean} on @param {number} id */
  setAway(nick, on, id) {
    const known = this.#away.get(nick);
    if (id <= (known?.asOf ?? -1)) return;
    this.#away.set(nick, { on, asOf: id });
    if (!on && ++this.#here > MOST_HERE) this.#forgetHere();
    if (on !== (known?.on ?? false)) this.awayVersion++;
  }

  /** In a large chat, people come and go all day. */
  #forgetHere() {
    this.#here = 0;
    for (const [nick, { on }] of this.#away) if (!on) this.#away.delete(nick);
  }

  /** @param {string} name @returns {Room | undefined} */
  get(name) {
    return this.#rooms.get(name);
  }

  /** Replaces all lists. @param {List[]} lists */
  replace(lists) {
    this.#rooms.clear();
    this.#parted.clear();
    this.#away.clear();
    this.#here = 0;
    this.awayVersion++;
    for (const list of lists) this.enter(list);
  }

  /** @param {List} list @returns {boolean} whether it was new */
  enter({ name, users, away, asOf, pins }) {
    if (asOf <= (this.#rooms.get(name)?.asOf ?? this.#parted.get(name) ?? -1)) return false;
    // A list that came with a room says nothing of it.
    if (away) {
      const gone = new Set(away);
      for (const nick of users) this.setAway(nick, gone.has(nick), asOf);
    }
    this.#rooms.set(name, { users: new Set(users), asOf, pins });
    return true;
  }

  /** @param {string} name @param {number} id @returns {boolean} */
  part(name, id) {
    const room = this.#rooms.get(name);
    if (!room || id <= room.asOf) return false;
    this.#parted.set(name, id);
    return this.#rooms.delete(name);
  }

  /** @param {string} name @param {string} nick @param {number} id @returns {boolean} */
  join(name, nick, id) {
    return this.#at(name, id)?.add(nick) !== undefined;
  }

  /** @param {string} name @param {string} nick @param {number} id @returns {boolean} */
  leave(name, nick, id) {
    return this.#at(name, id)?.delete(nick) === true;
  }

  /** The users of a room, if its list does not include id yet. @param {string} name @param {number} id */
  #at(name, id) {
    const room = this.#rooms.get(name);
    if (!room || id <= room.asOf) return undefined;
    room.asOf = id;
    return room.users;
  }
}
