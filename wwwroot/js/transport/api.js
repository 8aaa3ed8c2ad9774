// The server's calls, one function each. A call returns the answer or throws one of two errors:
// Refused (the server said no, so a retry is pointless) or Lost (no usable answer, so a retry is right).

// The path below which a proxy serves the site.
export const BASE = document.documentElement.dataset.base ?? "";

const QUICK = 15_000;
// A call that takes longer than this, in ms, puts the connection in doubt. A poll may take as long as it likes.
const SLOW = 4000;

let overdue = 0;
/** @type {(slow: boolean) => void} */
let tellSlow = () => {};

/** @param {typeof tellSlow} tell whether any call is overdue, or was and nothing has been answered since */
export const onSlow = (tell) => (tellSlow = tell);

/** Begins to watch a call. @returns {(answered: boolean) => void} it has ended */
function watch() {
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    overdue++;
    tellSlow(true);
  }, SLOW);
  return (answered) => {
    clearTimeout(timer);
    if (late) overdue--;
    if (answered && overdue === 0) tellSlow(false);
  };
}
const TRY_LATER = new Set(["unavailable", "stopping"]);
const TRY_LATER_HTTP = new Set([408, 425, 429]);

// Without https a call may show no origin, because extensions and proxies remove the Referer. Other sites cannot send this header.
const SOURCE = isSecureContext ? undefined : { "X-Requested-With": "fetch" };

export class Refused extends Error {
  /** @param {string} code @param {{reason?: string, text?: string, retryAfter?: number}} [more] */
  constructor(code, { reason, text, retryAfter } = {}) {
    super(code);
    this.code = code;
    this.reason = reason;
    this.text = text;
    this.retryAfter = retryAfter;
  }
}

export class Lost extends Error {
  /** @param {string} why @param {number} [retryAfter] seconds the server asked for */
  constructor(why, retryAfter) {
    super(why);
    this.retryAfter = retryAfter;
  }
}

/** Retry-After is seconds or a date. @param {string | null} header @returns {number | undefined} */
function retryAfterOf(header) {
  if (!header) return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return seconds > 0 ? seconds : undefined;
}

/**
 * @param {string} path
 * @param {{form?: Record<string, string>, signal?: AbortSignal, deadline?: number}} [options]
 * @returns {Promise<any>} the whole answer, when its status is ok
 */
export async function call(path, { form, signal, deadline = QUICK } = {}) {
  // A half-open connection never fails. Without a deadline the page would wait for it forever.
  const limit = AbortSignal.timeout(deadline);
  const ended = deadline > QUICK ? () => {} : watch();
  let response, body;
  let answered = false;
  try {
    response = await fetch(BASE + path, {
      method: form ? "POST" : "GET",
      body: form && new URLSearchParams(form),
      headers: SOURCE,
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      cache: "no-store",
    });
    body = await response.json().catch((error) => {
      if (error instanceof SyntaxError) return null;
      throw error;
    });
    answered = true;
  } catch (error) {
    throw new Lost(String(error));
  } finally {
    ended(answered);
  }
  if (response.ok && body?.status === "ok") return body;
  const wait = body?.retry_after ?? retryAfterOf(response.headers.get("Retry-After"));
  if (body?.status === "error" && !TRY_LATER.has(body.response)) {
    throw new Refused(String(body.response), { ...body, retryAfter: wait });
  }
  if (response.status >= 400 && response.status < 500 && !TRY_LATER_HTTP.has(response.status)) {
    throw new Refused(`http_${response.status}`);
  }
  throw new Lost(body?.response ?? `HTTP ${response.status}`, wait);
}

// How often a rate-limited read is retried before it counts as lost.
const PUT_OFF = 20;

/**
 * A call that only reads. If it is rate limited, it is retried as the server says, so that entering many rooms can finish.
 * @param {string} path @param {{signal?: AbortSignal, deadline?: number}} [options] @returns {Promise<any>}
 */
export async function ask(path, options = {}) {
  for (let times = 0; ; times++) {
    try {
      return await call(path, options);
    } catch (error) {
      if (!(error instanceof Refused) || error.code !== "rate_limited") throw error;
      if (times === PUT_OFF) throw new Lost(error.code, error.retryAfter);
      await new Promise((resolve) => setTimeout(resolve, (error.retryAfter ?? 1) * 1000));
      if (options.signal?.aborted) throw new Lost(error.code);
    }
  }
}

/** Replaces a refused answer that the page can do without. Lost answers and dead sessions still fail.
 * @template T @param {Promise<T>} answer @param {T} instead @returns {Promise<T>} */
export function optional(answer, instead) {
  return answer.catch((error) => {
    if (error instanceof Refused && error.code !== "bad_session") return instead;
    throw error;
  });
}

const q = encodeURIComponent;

/** joins=all, also below: the page itself skips joins that its lists include. @param {AbortSignal} [signal] */
export const start = (signal) => ask("/chat/start/?joins=all", { signal });

// Below, seen is an id: the node that answers must know everything below it.

/** @param {AbortSignal} [signal] @param {{deadline?: number, seen?: number}} [options] deadline in ms */
export const me = async (signal, { deadline, seen } = {}) =>
  (await ask(`/chat/me/${seen ? `?seen=${seen}` : ""}`, { signal, deadline })).response;

// The most pages of a list that are read.
const MOST_PAGES = 50;

/**
 * A list that may come in pages, as of the first one. Later changes arrive by the poll.
 * @param {string} path with its query @param {(item: any) => string} keyOf @param {AbortSignal} [signal]
 */
export async function whole(path, keyOf, signal) {
  const answer = await ask(path, { signal });
  let more = answer.more;
  for (let page = 1; more && answer.response.length > 0 && page < MOST_PAGES; page++) {
    const next = await ask(`${path}${path.includes("?") ? "&" : "?"}after=${q(keyOf(answer.response.at(-1)))}`, { signal });
    answer.response.push(...next.response);
    if (next.away) answer.away = [...(answer.away ?? []), ...next.away];
    more = next.more;
  }
  return answer;
}

/** @param {AbortSignal} [signal] @param {number} [seen] */
export const rooms = async (signal, seen = 0) => (await whole(`/chat/rooms/?seen=${seen}`, (room) => room.name, signal)).response;

/** @param {string} room @param {AbortSignal} [signal] @param {number} [seen] */
export const online = (room, signal, seen = 0) =>
  whole(`/chat/online/?room=${q(room)}&joins=all&seen=${seen}`, (nick) => nick, signal);

/**
 * A page of items, and whether there are older ones, and newer ones. Old servers do not say; then a short page is the last.
 * @param {any} answer @param {number} limit @returns {{items: any[], more: boolean, newer: boolean}}
 */
const pageOf = ({ response, more, newer }, limit) => ({ items: response, more: more === true || response.length >= limit, newer });

/**
 * @param {string} room @param {string} side which part: before=, after= or around= an id @param {number} limit
 * @param {AbortSignal} [signal]
 */
export const history = async (room, side, limit, signal) =>
  pageOf(await ask(`/chat/history/?room=${q(room)}&${side}&limit=${limit}`, { signal }), limit);

/**
 * The history of a private conversation, or of all of them (*). If the person's id is not given, also the id of the one who has
 * the nick now. Old servers keep no private messages.
 * @param {{name: string, id?: string}} person @param {string} side @param {number} limit @param {AbortSignal} [signal]
 * @returns {Promise<{items: any[], more: boolean, newer: boolean, id?: string}>}
 */
export const historyWith = async ({ name, id }, side, limit, signal) => {
  const who = id ? `with_id=${q(id)}` : `with=${q(name)}`;
  const answer = await ask(`/chat/history/?${who}&${side}&limit=${limit}`, { signal });
  const page = pageOf(answer, limit);
  const items = page.items.filter((/** @type {any} */ { kind }) => kind === "whisper");
  return { ...page, items, more: page.more && items.length > 0, id: answer.with_id };
};

/** @returns {Promise<{name: string, usage: string, help: string, admin: boolean}[]>} */
export const commands = async () => (await ask("/chat/commands/")).response;

/** @param {string} room @returns {Promise<{room: string}>} */
export const join = async (room) => (await call("/chat/join/", { form: { room } })).response;

/** @param {import("./feed.js").Cursor} cursor @param {number} deadline in ms @param {AbortSignal} signal */
export const wait = ({ next, epoch, typing = 0 }, deadline, signal) =>
  call(`/chat/wait/?msg_id=${next}${epoch ? `&epoch=${q(epoch)}` : ""}&joins=all&typing=${typing}`, { deadline, signal });

/**
 * @param {{msg: string, key: string, room?: string, to?: string, to_id?: string, reply_to?: string, command?: string}} form
 * @returns {Promise<{id?: number}>}
 */
export const send = (form) => call("/chat/send_msg/", { form });

/** @param {string} password the administrators' */
export const authenticate = (password) => call("/chat/auth/", { form: { password } });

/** @param {"room" | "with"} kind with: a person's id @param {string} name @param {number} upTo */
export const markRead = (kind, name, upTo) => call("/chat/read/", { form: { [kind]: name, up_to: `${upTo}` } });
