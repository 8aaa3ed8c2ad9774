// Tables that are redrawn often. Unchanged elements stay in place, so that focus and selection are kept.

import { make } from "../../view/dom.js";

/**
 * @template T
 * @typedef {{title: string, show: (item: T) => string | Node}} Column
 */

/**
 * @template T
 * @typedef {{label: string, after: (item: T) => string, key?: (item: T) => string, columns: Column<T>[]}} Table
 *   after: the key that orders the list; key: a unique key, if that is another
 */

/** @typedef {{json: string, row: HTMLElement}} Row */

/** @type {WeakMap<Element, {drawn: string, rows: Map<string, Row>, body: HTMLElement | null}>} */
const last = new WeakMap();

/**
 * @template T
 * @param {HTMLElement} place @param {Table<T>} table @param {T[]} items @param {string} [none] the text for an empty table
 */
export function redraw(place, { label, after, key = after, columns }, items, none) {
  const drawn = JSON.stringify(items);
  const before = last.get(place);
  if (before?.drawn === drawn) return;
  const focused = focusIn(place);
  /** @type {Map<string, Row>} */
  const rows = new Map();
  for (const item of items) rows.set(key(item), rowOf(item, columns, before?.rows.get(key(item))));
  // Keyboard users scroll a table that is too wide with the arrow keys.
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
    if (!before?.body) {
      const heads = make("tr", "", ...columns.map(({ title }) => make("th", "", title)));
      place.replaceChildren(make("table", "", make("thead", "", heads), body));
    }
  }
  last.set(place, { drawn, rows, body });
  if (focused !== null && !place.contains(document.activeElement)) {
    (rows.get(focused)?.row.querySelector("button") ?? place).focus({ preventScroll: true });
  }
}

/**
 * The row of an item. A known row is kept and only its changed cells are replaced, so that a selection in the others stays.
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

/** Puts rows in order, and only moves those that are out of place. @param {HTMLElement} body @param {HTMLElement[]} rows */
function arrange(body, rows) {
  for (const row of [...body.children]) if (!rows.includes(/** @type {HTMLElement} */ (row))) row.remove();
  rows.forEach((row, i) => {
    if (body.children[i] !== row) body.insertBefore(row, body.children[i] ?? null);
  });
}

/** The key of the row with the focus; null if none has it. @param {HTMLElement} place */
function focusIn(place) {
  for (const [key, { row }] of last.get(place)?.rows ?? []) if (row.contains(document.activeElement)) return key;
  return null;
}
