// Tables that are drawn again and again: what has not changed stays the same element, so that a focus is not lost.

import { make } from "../../view/dom.js";

/**
 * @template T
 * @typedef {{title: string, show: (item: T) => string | Node}} Column
 */

/**
 * @template T
 * @typedef {{label: string, after: (item: T) => string, key?: (item: T) => string, columns: Column<T>[]}} Table  after: what the list is ordered by; key: what no two have, if that is another
 */

/** @type {WeakMap<Element, {drawn: string, rows: Map<string, {json: string, row: HTMLElement}>}>} */
const last = new WeakMap();

/**
 * @template T
 * @param {HTMLElement} place @param {Table<T>} table @param {T[]} items @param {string} [none] what is said when there is nothing
 */
export function redraw(place, { label, after, key = after, columns }, items, none) {
  const drawn = JSON.stringify(items);
  const before = last.get(place);
  if (before?.drawn === drawn) return;
  const focused = focusIn(place);
  const rows = new Map();
  for (const item of items) {
    const json = JSON.stringify(item);
    const known = before?.rows.get(key(item));
    rows.set(key(item), known?.json === json ? known : { json, row: make("tr", "", ...columns.map(({ show }) => make("td", "", show(item)))) });
  }
  last.set(place, { drawn, rows });
  // Whoever has no mouse scrolls what is too wide with the arrow keys.
  place.tabIndex = 0;
  place.setAttribute("role", "group");
  place.setAttribute("aria-label", label);
  place.replaceChildren(items.length === 0 && none
    ? make("p", "hint", none)
    : make("table", "",
      make("thead", "", make("tr", "", ...columns.map(({ title }) => make("th", "", title)))),
      make("tbody", "", ...[...rows.values()].map(({ row }) => row))));
  if (focused !== null) (rows.get(focused)?.row.querySelector("button") ?? place).focus({ preventScroll: true });
}

/** The key of the row that has the focus; null when none has. @param {HTMLElement} place */
function focusIn(place) {
  for (const [key, { row }] of last.get(place)?.rows ?? []) if (row.contains(document.activeElement)) return key;
  return null;
}
