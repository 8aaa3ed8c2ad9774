// The comet wire's calls, one function each. An answer is either used, or it is one of two errors:
// Refused (the server said no: asking again is pointless) or Lost (no usable answer: asking again is right).

const QUICK = 15_000;
const TRY_LATER = new Set(["unavailable", "stopping"]);
const TRY_LATER_HTTP = new Set([408, 425, 429]);

// Without https a browser may say nothing of where a call comes from: extensions and proxies take the Referer away. Another site's page could not send this.
const SOURCE = isSecureContext ? undefined : { "X-Requested-With": "fetch" };

export class Refused extends Error {
  /** @param {string} code @param {{reason?: string, retryAfter?: number}} [more] */
  constructor(code, { reason, retryAfter } = {}) {
    super(code);
    this.code = code;
    this.reason = reason;
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
async function call(path, { form, signal, deadline = QUICK } = {}) {
  // A half-open connection never fails by itself: without a deadline the page would wait on it for ever.
  const limit = AbortSignal.timeout(deadline);
  let response, body;
  try {
    response = await fetch(path, {
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
  } catch (error) {
    throw new Lost(String(error));
  }
  if (response.ok && body?.status === "ok") return body;
  const wait = body?.retry_after ?? retryAfterOf(response.headers.get("Retry-After"));
  if (body?.status === "error" && !TRY_LATER.has(body.response)) {
    throw new Refused(String(body.response), { reason: body.reason, retryAfter: wait });
  }
  if (response.status >= 400 && response.status < 500 && !TRY_LATER_HTTP.has(response.status)) {
    throw new Refused(`http_${response.status}`);
  }
  throw new Lost(body?.response ?? `HTTP ${response.status}`, wait);
}

/** A refused extra is no reason to keep people out; a lost one or a dead session is.
 * @template T @param {Promise<T>} answer @param {T} instead @returns {Promise<T>} */
export function optional(answer, instead) {
  return answer.catch((error) => {
    if (error instanceof Refused && error.code !== "bad_session") return instead;
    throw error;
  });
}

const q = encodeURIComponent;

/** @param {AbortSignal} [signal] */
export const start = (signal) => call("/chat/start/", { signal });

/** @param {AbortSignal} [signal] @param {number} [deadline] in ms */
export const me = async (signal, deadline) => (await call("/chat/me/", { signal, deadline })).response;

/** @param {AbortSignal} [signal] */
export const rooms = async (signal) => (await call("/chat/rooms/", { signal })).response;

/** @param {string} room @param {AbortSignal} [signal] */
export const online = (room, signal) => call(`/chat/online/?room=${q(room)}`, { signal });

/** @param {string} room @param {number} before @param {number} limit @param {AbortSignal} [signal] */
export const history = async (room, before, limit, signal) =>
  (await call(`/chat/history/?room=${q(room)}&before=${before}&limit=${limit}`, { signal })).response;

/** The past of a private conversation; none from a server that keeps none. @param {string} nick @param {number} before @param {number} limit @param {AbortSignal} [signal] */
export const historyWith = async (nick, before, limit, signal) => {
  const items = (await call(`/chat/history/?with=${q(nick)}&before=${before}&limit=${limit}`, { signal })).response;
  return items.filter((/** @type {any} */ { kind }) => kind === "whisper");
};

/** @param {string} text @param {string} room empty: everywhere @param {number} [before] @param {AbortSignal} [signal] */
export const search = async (text, room, before, signal) =>
  (await call(`/chat/search/?q=${q(text)}&room=${q(room)}&before=${before ?? ""}&limit=20`, { signal })).response;

/** @returns {Promise<{name: string, usage: string, help: string, admin: boolean}[]>} */
export const commands = async () => (await call("/chat/commands/")).response;

/** @returns {Promise<{host: string, nick: string, reason: string, until: string}[]>} */
export const bans = async () => (await call("/chat/bans/")).response;

/** @param {string} room @returns {Promise<{room: string}>} */
export const join = async (room) => (await call("/chat/join/", { form: { room } })).response;

/** @param {string} room */
export const part = (room) => call("/chat/part/", { form: { room } });

/** @param {{next: number, epoch?: string}} cursor @param {number} deadline in ms @param {AbortSignal} signal */
export const wait = ({ next, epoch }, deadline, signal) =>
  call(`/chat/wait/?msg_id=${next}${epoch ? `&epoch=${q(epoch)}` : ""}&joins=all`, { deadline, signal });

/** @param {{msg: string, key: string, room?: string, to?: string}} form @returns {Promise<{id?: number}>} */
export const send = (form) => call("/chat/send_msg/", { form });

export const leave = () => call("/chat/leave/", { form: {} });
