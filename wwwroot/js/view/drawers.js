// In narrow windows the side bars are drawers on top of the page. Escape, a press outside or a choice inside closes them.

import { find } from "./dom.js";

/** @typedef {{side: HTMLElement, opener: HTMLElement, narrow: MediaQueryList}} Drawer */

/** @type {Drawer[]} */
const drawers = [
  { side: find("#sidebar"), opener: find("#rooms-open"), narrow: matchMedia("(max-width: 46rem)") },
  { side: find("#people"), opener: find("#people-open"), narrow: matchMedia("(max-width: 62rem)") },
];
const scrim = find("#scrim");
const main = find(".main");
/** @type {Drawer | undefined} */
let open;

export function begin() {
  for (const drawer of drawers) {
    drawer.opener.addEventListener("click", () => (open === drawer ? close() : show(drawer)));
    const adapt = () => {
      drawer.side.classList.toggle("drawer", drawer.narrow.matches);
      if (open === drawer && !drawer.narrow.matches) close();
    };
    drawer.narrow.addEventListener("change", adapt);
    adapt();
    // Before the pressed button acts: it may redraw the list that it is in, and may give the focus to what the drawer covers.
    drawer.side.addEventListener("click", (event) => {
      const target = /** @type {HTMLElement} */ (event.target);
      if (target.closest("#sidebar li button, #settings-open, #join-open, #switch-open, #inbox-open, #shortcuts-open, #bans-open")) close();
    }, { capture: true });
  }
  scrim.addEventListener("click", close);
}

/** @param {Drawer} drawer */
function show(drawer) {
  close();
  open = drawer;
  drawer.side.classList.add("open");
  drawer.opener.setAttribute("aria-expanded", "true");
  scrim.hidden = false;
  for (const other of [main, ...drawers.map(({ side }) => side)]) other.inert = other !== drawer.side;
  drawer.side.querySelector("button")?.focus();
}

/** @returns {boolean} whether one was open */
export function close() {
  if (!open) return false;
  const { side, opener } = open;
  open = undefined;
  for (const other of [main, ...drawers.map((drawer) => drawer.side)]) other.inert = false;
  const within = side.contains(document.activeElement);
  side.classList.remove("open");
  opener.setAttribute("aria-expanded", "false");
  scrim.hidden = true;
  if (within) opener.focus();
  return true;
}
