// Numbers, sizes and durations in the user's language.

import { language } from "../../text/words.js";

const numbers = new Intl.NumberFormat(language);
const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
const sizes = UNITS.map((unit) =>
  new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short", maximumSignificantDigits: 3 }));
/** @type {[number, string][]} */
const SPANS = [[86_400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]];
const spans = new Map(SPANS.map(([, unit]) =>
  [unit, new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "narrow", maximumFractionDigits: 0 })]));

/** @param {number} value */
export const number = (value) => numbers.format(value);

/** A unit is 1024 of the one before, as for files. @param {number} bytes */
export function size(bytes) {
  let unit = 0;
  while (bytes >= 1000 && unit < UNITS.length - 1) {
    bytes /= 1024;
    unit++;
  }
  return sizes[unit].format(bytes);
}

/** The two largest units: 3d 4h. @param {number} seconds */
export function span(seconds) {
  let left = Math.max(0, Math.round(seconds));
  const parts = [];
  for (const [length, unit] of SPANS) {
    const count = Math.floor(left / length);
    if (count > 0 || (unit === "second" && parts.length === 0)) parts.push(spans.get(unit)?.format(count));
    left -= count * length;
    if (parts.length === 2 || (parts.length > 0 && left === 0)) break;
  }
  return parts.join(" ");
}
