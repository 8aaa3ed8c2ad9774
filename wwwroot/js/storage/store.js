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

/** Shared by all tabs, and kept when the browser is closed. */
export const shared = {
  /** @template T @param {string} key @param {T} otherwise @returns {T} */
  read: (key, otherwise) => read(local, key, otherwise),
  /** @param {string} key @param {unknown} value */
  write: (key, value) => write(local, key, value),
};

/** Removes all that the chat has stored, and nothing of other sites below the same address. */
export function forget() {
  for (const storage of [local, session]) {
    for (const key of keysOf(storage)) write(storage, key, undefined);
  }
}

/** @param {Storage | undefined} storage */
function keysOf(storage) {
  try {
    return Object.keys(storage ?? {}).filter((key) => key.startsWith("erlchat."));
  } catch {
    return [];
  }
}

/** Under which key a tab keeps the secret of a link into a room during a login. */
export const LINK = "erlchat.link";

/** For this tab only. */
export const own = {
  /** @template T @param {string} key @param {T} otherwise @returns {T} */
  read: (key, otherwise) => read(session, key, otherwise),
  /** @param {string} key @param {unknown} value */
  write: (key, value) => write(session, key, value),
};
