// The columns of each table.

import { short } from "../../text/time.js";
import { words } from "../../text/words.js";
import { make, press } from "../../view/dom.js";
import { number, span } from "./format.js";
import { say } from "./texts.js";

/** @template T @typedef {import("./tables.js").Table<T>} Table */

/** Isolates text by a user, which must not change the direction of the text around it. @param {string} text */
const isolated = (text) => make("bdi", "", text);

/**
 * @type {Table<{nick: string, user_id: string, host: string, admin: boolean, since: string, idle: number, parked: number,
 *   rooms: string[], online: boolean}>}
 */
export const people = {
  label: say.people,
  after: ({ nick }) => nick,
  key: ({ user_id }) => user_id,
  columns: [
    { title: words.nick, show: ({ nick, admin }) => (admin ? make("strong", "", isolated(nick), ` (${say.admin})`) : nick) },
    { title: words.host, show: ({ host }) => host },
    { title: say.since, show: ({ since }) => short(new Date(since)) },
    { title: say.idle, show: ({ idle, online }) => (online ? span(idle) : `${span(idle)}, ${say.offline}`) },
    { title: say.parked, show: ({ parked }) => number(parked) },
    { title: words.rooms, show: ({ rooms }) => isolated(rooms.join(", ")) },
    { title: say.userId, show: ({ user_id }) => make("code", "", user_id) },
  ],
};

/** @type {Table<{name: string, title?: string, topic: string, members: number}>} */
export const rooms = {
  label: words.rooms,
  after: ({ name }) => name,
  columns: [
    { title: say.name, show: ({ name, title }) => isolated(title ? `${title} (${name})` : name) },
    { title: words.people, show: ({ members }) => number(members) },
    { title: say.topic, show: ({ topic }) => isolated(topic) },
  ],
};

/**
 * Only the person is banned if the host is empty.
 * @param {(what: string) => void} lift @returns {Table<{host: string, nick: string, reason: string, until: string, left: number}>}
 */
export const bans = (lift) => ({
  label: words.bans,
  after: ({ host, nick }) => host || `~${nick}`,
  columns: [
    { title: words.host, show: ({ host }) => host || "–" },
    // Early, so that phones show it too.
    { title: say.order, show: ({ host, nick }) => named(words.unban, host || nick, () => lift(host || nick)) },
    { title: words.nick, show: ({ nick }) => nick },
    { title: words.reason, show: ({ reason }) => isolated(reason) },
    { title: words.until, show: ({ until }) => short(new Date(until)) },
    { title: say.left, show: ({ left }) => span(left) },
  ],
});

/** @param {(nick: string) => void} lift @returns {Table<{nick: string, host: string, until: string, left: number}>} */
export const mutes = (lift) => ({
  label: say.mutes,
  after: ({ nick }) => nick,
  columns: [
    { title: words.nick, show: ({ nick }) => nick },
    { title: say.order, show: ({ nick }) => named(say.unmute, nick, () => lift(nick)) },
    { title: words.host, show: ({ host }) => host || "–" },
    { title: words.until, show: ({ until }) => short(new Date(until)) },
    { title: say.left, show: ({ left }) => span(left) },
  ],
});

/** @param {(nick: string) => void} dismiss @returns {Table<{nick: string, user_id: string, online: boolean, self: boolean}>} */
export const admins = (dismiss) => ({
  label: say.admins,
  after: ({ nick }) => nick,
  key: ({ user_id }) => user_id,
  columns: [
    { title: words.nick, show: ({ nick, user_id }) => person(nick, user_id) },
    { title: say.order, show: ({ nick, self }) => (self ? say.yourself : named(say.dismiss, nick, () => dismiss(nick))) },
    { title: say.presence, show: ({ online }) => (online ? say.online : say.offline) },
  ],
});

/**
 * @type {Table<{id: number, at: string, act: string, by: string, by_id: string, nick: string, user_id: string, address: boolean,
 *   text: string, until?: string}>}
 */
export const acts = {
  label: say.acts,
  after: ({ id }) => String(id),
  columns: [
    { title: say.when, show: ({ at }) => short(new Date(at)) },
    { title: say.by, show: ({ by, by_id }) => person(by, by_id) },
    { title: say.act, show: ({ act }) => say.kinds[act] },
    {
      title: words.nick,
      show: ({ nick, user_id, address }) => make("span", "", person(nick, user_id), address ? ` ${say.withAddress}` : ""),
    },
    { title: words.until, show: ({ until }) => (until ? short(new Date(until)) : "") },
    { title: say.text, show: ({ text }) => isolated(text) },
  ],
};

/** @type {Table<{reason: string, limit: string, scope: string, count: number}>} */
export const refusals = {
  label: say.refusals,
  after: ({ reason, limit, scope }) => `${reason} ${limit} ${scope}`,
  columns: [
    { title: words.reason, show: ({ reason }) => reason },
    { title: say.limit, show: ({ limit }) => limit },
    { title: say.scope, show: ({ scope }) => scope },
    { title: say.count, show: ({ count }) => number(count) },
  ],
};

/**
 * Servers without a node's name have neither a lag nor an `alive`.
 * @type {Table<{name: string, version: string, uptime: number, sessions: number, parked: number, lag?: number, alive?: boolean}>}
 */
export const nodes = {
  label: say.nodes,
  after: ({ name }) => name,
  columns: [
    { title: say.name, show: ({ name }) => name },
    { title: say.version, show: ({ version }) => version },
    { title: say.uptime, show: ({ uptime }) => span(uptime) },
    { title: say.sessions, show: ({ sessions }) => number(sessions) },
    { title: say.lag, show: ({ lag, alive = true }) => (alive ? (lag ? span(lag) : "–") : make("strong", "", say.silent)) },
  ],
};

/** @type {Table<{name: string, value: string, default: string, source: string}>} */
export const settings = {
  label: say.settings,
  after: ({ name }) => name,
  columns: [
    { title: say.name, show: ({ name, value, default: usual }) => make(value === usual ? "span" : "strong", "", name) },
    { title: say.value, show: ({ value }) => make("code", "", value) },
    { title: say.usually, show: ({ default: usual }) => make("code", "", usual) },
    { title: say.source, show: ({ source }) => source },
  ],
};

/** Who somebody was: the user id tells apart those who had a nick one after the other. @param {string} nick @param {string} id */
function person(nick, id) {
  const who = make("span", "", isolated(nick));
  who.title = id;
  return who;
}

/** A button that names its row to screen readers. @param {string} text @param {string} what @param {() => void} run */
function named(text, what, run) {
  const button = press(text, run);
  button.setAttribute("aria-label", `${text} ${what}`);
  return button;
}
