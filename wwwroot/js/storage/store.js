// The browser's storage. The chat also works if it is blocked or full.

/** @template T @param {Storage | undefined} storage @param {string} key @param {T} otherwise @returns {T} */
function read(storage, key, otherwise) {
  try {
    const text = storage?.getItem(key);
    return text ? JSON.parse(text) : otherwise;
  } catch {
    return otherwise;
  }
}

/** @param {Storage | undefined} storage @param {string} key @param {unknown} value undefined removes it */
function write(storage, key, value) {
  try {
    if (value === undefined) storage?.removeItem(key);
    else storage?.setItem(key, JSON.stringify(value));
  } catch { /* not stored */ }
}

/** @param {() => Storage} find @returns {Storage | undefined} */
function reach(find) {
  try {
    return find();
  } catch {
    return undefined;
  }
}

const local = reach(() => localStorage);
const session = reach(() => sessionStorage);

/** Under which key a tab keeps the secret of a link into a room. */
export const LINK = "erlchat.link";
/** Under which key a tab keeps the address of a room or a message, while its user logs in. */
export const PLACE = "erlchat.place";

/** What a link into a room has behind its address, before the secret. */
export const JOIN = "#join=";
/** Holds the address of a room or a message over the login: browsers keep what is behind the # when they are redirected. */
export const AT = "#at=";

/** Shared by all tabs, and kept when the browser is closed. */
export const shared = {
  /** @template T @param {string} key @param {T} otherwise @returns {T} */
  read: (key, otherwise) => read(local, key, otherwise),
  /** @param {string} key @param {unknown} value */
  write: (key, value) => write(local, key, value),
};

/** For this tab only. */
export const own = {
  /** @template T @param {string} key @param {T} otherwise @returns {T} */
  read: (key, otherwise) => read(session, key, otherwise),
  /** @param {string} key @param {unknown} value */
  write: (key, value) => write(session, key, value),
};
