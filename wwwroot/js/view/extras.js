// What a message has besides its text: what it answers, above, and reactions, below. Loaded with the first message that has any.

/** @typedef {import("../model/line.js").Line} Line */
/** @typedef {{draw: (line: Line, message: HTMLElement, text: HTMLElement) => void}} Extras */

/** @type {Extras | undefined} */
let extras;
/** @type {() => void} */
let load;

/** @param {() => Promise<Extras>} loads @param {() => void} came they can be drawn from now on */
export function begin(loads, came) {
  let loading = false;
  load = () => {
    if (loading) return;
    loading = true;
    loads().then((loaded) => {
      extras = loaded;
      came();
      // Without a connection, the next message tries again.
    }, () => (loading = false));
  };
}

/** How they are drawn now, as a string to compare. @param {Line} line */
export const shapeOf = (line) => (extras && (line.reply || line.reactions) ? " extras" : "");

/** @param {Line} line @param {HTMLElement} message @param {HTMLElement} text in the message */
export function draw(line, message, text) {
  if (extras) extras.draw(line, message, text);
  else if (line.reply || line.reactions) load();
}
