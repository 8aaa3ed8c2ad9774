// Times are local. Formatters are created once, because creating one costs more than using it a thousand times.

import { language, words } from "./words.js";

const clockFormat = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" });
const dayFormat = new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long" });
const yearFormat = new Intl.DateTimeFormat(language, { day: "numeric", month: "long", year: "numeric" });
const fullFormat = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "medium" });
const shortFormat = new Intl.DateTimeFormat(language, { dateStyle: "short", timeStyle: "short" });

const DAY = 86_400_000;

/** @param {Date} at */
export const clock = (at) => clockFormat.format(at);

/** The time without am and pm, for narrow places. @param {Date} at */
export const brief = (at) =>
  clockFormat.formatToParts(at).filter(({ type }) => type !== "dayPeriod").map(({ value }) => value).join("").trim();

/** Day and time, for lists. @param {Date} at */
export const short = (at) => shortFormat.format(at);

/** @param {Date} at */
export const full = (at) => fullFormat.format(at);

/** The day's name between messages. @param {Date} at */
export function day(at) {
  const now = new Date();
  const name = at.toDateString();
  if (name === now.toDateString()) return words.today;
  if (name === new Date(now.getTime() - DAY).toDateString()) return words.yesterday;
  return (at.getFullYear() === now.getFullYear() ? dayFormat : yearFormat).format(at);
}
