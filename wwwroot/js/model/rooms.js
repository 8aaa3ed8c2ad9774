// The session's rooms and their members. Each list is as of an id: it includes all events up to that id.
// So lists and events may arrive in any order, with the same result.

export const LOBBY = "lobby";

/** @typedef {{users: Set<string>, asOf: number}} Room */
/** @typedef {{name: string, title?: string, topic?: string, users: string[], asOf: number}} List */

export class Rooms {
  /** @type {Map<string, Room>} */
  #rooms = new Map();
  /** The ids at which rooms were left, so that a late answer does not bring them back. @type {Map<string, number>} */
  #parted = new Map();

  /** @param {string} name @returns {Room | undefined} */
  get(name) {
    return this.#rooms.get(name);
  }

  /** Replaces all lists. @param {List[]} lists */
  replace(lists) {
    this.#rooms.clear();
    this.#parted.clear();
    for (const list of lists) this.enter(list);
  }

  /** @param {List} list @returns {boolean} whether it was new */
  enter({ name, users, asOf }) {
    if (asOf <= (this.#rooms.get(name)?.asOf ?? this.#parted.get(name) ?? -1)) return false;
    this.#rooms.set(name, { users: new Set(users), asOf });
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
