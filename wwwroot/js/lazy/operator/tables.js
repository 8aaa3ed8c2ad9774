// Tables that are drawn again and again: what has not changed stays the same element where it stands, so that no focus and no selection is lost.

import { make } from "../../view/dom.js";

/**
 * @template T
 * @typedef {{title: string, show: (item: T) => string | Node}} Column
 */

/**
 * @template T
 * @typedef {{label: string, after: (item: T) => string, key?: (item: T) => string, columns: Column<T>[]}} Table  after: what the list is ordered by; key: what no two have, if that is another
 */

/** @typedef {{json: string, row: HTMLElement}} Row */

/** @type {WeakMap<Element, {drawn: string, rows: Map<string, Row>, body: HTMLElement | null}>} */
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
  /** @type {Map<string, Row>} */
  const rows = new Map();
  for (const item of items) rows.set(key(item), rowOf(item, columns, before?.rows.get(key(item))));
  // Whoever has no mouse scrolls what is too wide with the arrow keys.
  place.tabIndex = 0;
  place.setAttribute("role", "group");
  place.setAttribute("aria-label", label);
  /** @type {HTMLElement | null} */
  let body = null;
  if (items.length === 0 && none) {
    place.replaceChildren(make("p", "hint", none));
  } else {
    body = before?.body ?? make("tbody", "");
    arrange(body, [...rows.values()].map(({ row }) => row));
    if (!before?.body) place.replaceChildren(make("table", "", make("thead", "", make("tr", "", ...columns.map(({ title }) => make("th", "", title)))), body));
  }
  last.set(place, { drawn, rows, body });
  if (focused !== null && !place.contains(document.activeElement)) (rows.get(focused)?.row.querySelector("button") ?? place).focus({ preventScroll: true });
}

/**
 * The row of an item: the one there was, with those cells exchanged that say something else. What is selected in the others stays selected.
 * @template T
 * @param {T} item @param {Column<T>[]} columns @param {Row} [known] @returns {Row}
 */
function rowOf(item, columns, known) {
  const json = JSON.stringify(item);
  if (known?.json === json) return known;
  const cells = columns.map(({ show }) => make("td", "", show(item)));
  if (!known) return { json, row: make("tr", "", ...cells) };
  cells.forEach((cell, i) => {
    if (!known.row.children[i].isEqualNode(cell)) known.row.children[i].replaceWith(cell);
  });
  return { json, row: known.row };
}

/** Puts rows in their order, and moves none that stands where it should. @param {HTMLElement} body @param {HTMLElement[]} rows */
function arrange(body, rows) {
  for (const row of [...body.children]) if (!rows.includes(/** @type {HTMLElement} */ (row))) row.remove();
  rows.forEach((row, i) => {
    if (body.children[i] !== row) body.insertBefore(row, body.children[i] ?? null);
  });
}

/** The key of the row that has the focus; null when none has. @param {HTMLElement} place */
function focusIn(place) {
  for (const [key, { row }] of last.get(place)?.rows ?? []) if (row.contains(document.activeElement)) return key;
  return null;
}
