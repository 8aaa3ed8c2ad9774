// The only place that creates elements. Text becomes text nodes, so nothing that a user wrote can become markup.

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag @param {string} [className] @param {...(string | Node)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, className = "", ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

/** @param {string} label @param {() => void} pressed @param {string} [className] */
export function press(label, pressed, className = "quiet") {
  const element = make("button", className, label);
  element.type = "button";
  element.addEventListener("click", pressed);
  return element;
}

/** @param {string} selector @returns {any} */
export const find = (selector) => document.querySelector(selector);

/** The same nick has the same colour everywhere. @param {string} nick */
export function hue(nick) {
  // FNV-1a, so that similar nicks get different colours.
  let hash = 0x811c9dc5;
  for (const char of nick.toLowerCase()) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return `hue hue-${(hash >>> 8) % 12}`;
}

/** A label above a control. @param {string} text @param {HTMLElement} control */
export const labelled = (text, control) => make("label", "", text, control);

/** Where an arrow key leads in a row of elements: 1 for the next, -1 for the previous, 0 for nowhere. @param {KeyboardEvent} event */
export const stepOf = ({ key }) => ({ ArrowRight: 1, ArrowLeft: -1 }[key] ?? 0) * (document.dir === "rtl" ? -1 : 1);
