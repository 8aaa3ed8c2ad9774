// Times are local, in the form that the browser is set to. Formatters are created once, because creating one costs more than using it a
// thousand times.

import { settings } from "../storage/settings.js";
import { language, words } from "./words.js";

// Who has chosen a language for the page wants it for the times too.
const locales = settings.language
  ? navigator.languages.find((tag) => tag.startsWith(language)) ?? language : [...navigator.languages];

let formats = create();
let moment = now();
/** Grows when times look different: at midnight, and in another time zone. */
export let version = 0;

function create() {
  const format = (/** @type {Intl.DateTimeFormatOptions} */ options) => new Intl.DateTimeFormat(locales, options);
  return {
    clock: format({ hour: "2-digit", minute: "2-digit" }),
    day: format({ weekday: "long", day: "numeric", month: "long" }),
    year: format({ day: "numeric", month: "long", year: "numeric" }),
    full: format({ dateStyle: "full", timeStyle: "medium" }),
    short: format({ dateStyle: "short", timeStyle: "short" }),
  };
}

/** The day and the time zone. */
function now() {
  return new Date().toDateString() + new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Whether times look different now. */
export function turned() {
  const before = moment;
  moment = now();
  if (moment === before) return false;
  formats = create();
  version++;
  return true;
}

/** @param {Date} at */
export const clock = (at) => formats.clock.format(at);

/** The time without am and pm, for narrow places. @param {Date} at */
export const brief = (at) =>
  formats.clock.formatToParts(at).filter(({ type }) => type !== "dayPeriod").map(({ value }) => value).join("").trim();

/** Day and time, for lists. @param {Date} at */
export const short = (at) => formats.short.format(at);

/** @param {Date} at */
export const full = (at) => formats.full.format(at);

/** The day's name between messages. @param {Date} at */
export function day(at) {
  const today = new Date();
  const year = today.getFullYear();
  const name = at.toDateString();
  if (name === today.toDateString()) return words.today;
  // Not 24 hours ago: when the clocks change, a day is shorter or longer.
  if (name === new Date(year, today.getMonth(), today.getDate() - 1).toDateString()) return words.yesterday;
  return (at.getFullYear() === year ? formats.day : formats.year).format(at);
}
