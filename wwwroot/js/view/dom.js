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
  // No hash: with a sum, names that differ in one character, as look-alikes do, differ in colour. 7 sets neighbours far apart.
  const sum = [...nick.toLowerCase()].reduce((all, char, at) => all + (char.codePointAt(0) ?? 0) * (at % 2 ? 3 : 1), 0);
  const number = (sum * 7) % 16;
  return `hue hue-${number}${number % 2 ? " pale" : ""}`;
}

/** A label above a control. @param {string} text @param {HTMLElement} control */
export const labelled = (text, control) => make("label", "", text, control);

/** Where an arrow key leads in a row of elements: 1 for the next, -1 for the previous, 0 for nowhere. @param {KeyboardEvent} event */
export const stepOf = ({ key }) => ({ ArrowRight: 1, ArrowLeft: -1 }[key] ?? 0) * (document.dir === "rtl" ? -1 : 1);

/**
 * Whether a key belongs to an input method. Safari ends the composition before the Enter that confirms it, and marks that key only by its
 * old code. @param {KeyboardEvent} event
 */
export const isComposing = (event) => event.isComposing || event.keyCode === 229;
