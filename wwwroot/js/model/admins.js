// Who is an administrator, as far as the server has said so, and from which id on the nick has been that person's.

/** @type {Map<string, {from: number, lasting?: boolean}>} lasting: also after the person was offline */
const admins = new Map();

/** Grows with every change. */
export let changes = 0;

/** @param {{nick: string, from: number, lasting?: boolean}[]} all */
export function replaceAdmins(all) {
  changes++;
  admins.clear();
  for (const { nick, ...one } of all) admins.set(nick, one);
}

/** @param {string} nick @param {number} from the id at which the person became one */
export function addAdmin(nick, from) {
  changes++;
  if (!admins.has(nick)) admins.set(nick, { from });
}

/** @param {string} nick @param {boolean} [offline] the person may come back with the same rights */
export function removeAdmin(nick, offline) {
  if (!(offline && admins.get(nick)?.lasting) && admins.delete(nick)) changes++;
}

/** Whether whoever has a nick now is an administrator, and had the nick at an id already. @param {string} nick @param {number} [id] */
export const isAdmin = (nick, id = Infinity) => (admins.get(nick)?.from ?? Infinity) < id;
