// Draws one line of the messages, and what is above it: a new day, or "New messages".

import { isAdmin } from "../model/admins.js";
import { isShown, shownPresence } from "../model/line.js";
import { wishFor } from "../storage/settings.js";
import { isOnlyEmoji, isTall } from "../text/plain.js";
import * as time from "../text/time.js";
import { words } from "../text/words.js";
import { hue, make, press } from "./dom.js";
import * as extras from "./extras.js";
import { rich, richness } from "./rich.js";

/** @typedef {import("../model/line.js").Line} Line */
/** @typedef {import("../model/line.js").Presence} Presence */

// Messages of a user within so many ms share one name.
const GROUP = 5 * 60_000;
// Of more people who come and go, only the number is shown.
const NAMED = 3;

/**
 * How a line is shown after the one before, as a string to compare.
 * @param {Line} line @param {Line | undefined} before @param {boolean} isNew @param {string} room empty for a private conversation
 */
export function shapeOf(line, before, isNew, room) {
  const day = line.at !== undefined && (!before?.at || new Date(line.at).toDateString() !== new Date(before.at).toDateString());
  const above = `${time.version} ${day ? "day " : ""}${isNew ? "new " : ""}`;
  if (!isShown(line, room)) return `${above}hidden`;
  if (line.presence) return `${above}${wishFor(room).joins ?? "folded"} ${shownPresence(line, room).length}`;
  const joins = !day && !isNew && line.kind === "said" && before?.kind === "said" && before.nick === line.nick && isShown(before, room)
    && Date.parse(line.at ?? "") - Date.parse(before.at ?? "") < GROUP;
  const head = joins ? "" : `head ${ranks(line)}`;
  return `${above}${head} ${line.kind === "system" ? "" : richness(line) + extras.shapeOf(line)}`;
}

/** Whether the author is marked as an administrator. @param {Line} line */
const ranks = ({ kind, nick = "", id }) => kind === "said" && isAdmin(nick, id);

/**
 * @param {Line} line @param {string} shape @param {string} me @param {string} room @param {string} address the conversation's
 */
export function drawRow(line, shape, me, room, address) {
  const row = make("div", "row");
  row.dataset.id = String(line.id);
  const at = line.at ? new Date(line.at) : undefined;
  if (at && shape.includes("day")) row.append(make("div", "day", time.day(at)));
  if (shape.includes("new")) row.append(make("div", "new", words.newMessages));
  if (shape.includes("hidden")) return row;
  if (line.presence) row.append(...drawPresence(line, shownPresence(line, room), shape.includes("folded")));
  else if (line.kind === "system") row.append(drawSystem(line, at));
  else row.append(drawMessage(line, at, shape.includes("head"), me, `${address}/${line.id}`));
  return row;
}

/** @param {Date} at @param {string} stamp @param {boolean} brief @param {string} [address] the message's, to which the time leads */
function drawTime(at, stamp, brief, address) {
  const text = brief ? time.brief(at) : time.clock(at);
  const element = make("time", "", text);
  if (address) {
    const link = make("a", "", text);
    link.href = address;
    link.setAttribute("aria-label", words.linkTo(text));
    element.replaceChildren(link);
  }
  element.dateTime = stamp;
  element.title = time.full(at);
  return element;
}

/**
 * Joins and leaves: in one line that can be unfolded, or each in its own.
 * @param {Line} line @param {Presence[]} all @param {boolean} folds
 */
function drawPresence(line, all, folds) {
  const rows = all.map((one) => drawSystem(one, one.at ? new Date(one.at) : undefined));
  if (!folds || all.length === 1) return rows;
  const folded = make("details", "system", make("summary", "", summaryOf(all)), ...rows);
  folded.open = line.unfolded === true;
  folded.addEventListener("toggle", () => (line.unfolded = folded.open));
  return [folded];
}

/** A few people are named, others counted. @param {Presence[]} all */
function summaryOf(all) {
  /** @type {Map<string, {first: boolean, last: boolean}>} by nick: whether they came */
  const people = new Map();
  for (const { nick, came } of all) people.set(nick, { first: people.get(nick)?.first ?? came, last: came });
  const those = (/** @type {(one: {first: boolean, last: boolean}) => boolean} */ fit) =>
    [...people].filter(([, one]) => fit(one)).map(([nick]) => nick);
  const back = those(({ first, last }) => !first && last);
  // Who came and went again is in both.
  const came = those(({ first }) => first);
  const gone = those(({ last }) => !last);
  if (people.size <= NAMED) return words.moved(came.join(", "), gone.join(", "), back.join(", "));
  if (came.length === people.size && gone.length === people.size) return words.cameAndWent(people.size);
  let counted = false;
  const count = (/** @type {string[]} */ { length }) => {
    if (length === 0) return "";
    const text = counted ? String(length) : words.members(length);
    counted = true;
    return text;
  };
  return words.moved(count(came), count(gone), count(back));
}

/** @param {{at?: string, text: string}} line @param {Date} [at] */
function drawSystem(line, at) {
  const element = make("div", "system");
  if (at && line.at) element.append(drawTime(at, line.at, true));
  const text = make("span", "text", line.text);
  // A line that begins with a name from the right is still one of the page's.
  text.dir = document.dir === "rtl" ? "auto" : "ltr";
  element.append(text);
  return element;
}

/** @param {Line} line @param {Date | undefined} at @param {boolean} head @param {string} me @param {string} address */
function drawMessage(line, at, head, me, address) {
  const element = make("div", `message ${line.kind}`);
  if (line.own) element.classList.add("own");
  if (line.mention) element.classList.add("mentioned");
  const stamp = at && line.at ? drawTime(at, line.at, !head || line.kind !== "said", address) : "";
  const { nick = "" } = line;
  const name = make("button", `nick ${hue(nick)}`, make("bdi", "", nick));
  name.type = "button";
  name.dataset.nick = nick;
  if (line.kind === "said" && head) {
    element.classList.add("head");
    const avatar = make("span", `avatar ${hue(nick)}`, [...nick][0]);
    avatar.setAttribute("aria-hidden", "true");
    element.append(avatar, make("div", "byline", name, ...(ranks(line) ? [make("span", "rank", words.admin)] : []), stamp));
  } else {
    element.append(stamp);
  }
  const text = make("div", "text", ...rich(line.text, line.own ? "" : me));
  if (isOnlyEmoji(text.textContent ?? "")) element.classList.add("emoji-only");
  text.dir = "auto";
  if (line.kind === "action") text.prepend(name, " ");
  if (line.edited) {
    const mark = drawTime(new Date(line.edited), line.edited, true);
    mark.className = "edited";
    mark.textContent = words.edited;
    text.append(" ", mark);
  }
  element.append(text);
  extras.draw(line, element, text);
  if (isTall(line.text)) element.append(drawFold(line, text));
  if (line.cut) element.append(make("div", "fate", words.marksCut));
  return element;
}

/** Folds a long text, and makes the button that unfolds it. @param {Line} line @param {HTMLElement} text */
function drawFold(line, text) {
  const show = (/** @type {boolean | undefined} */ all) => {
    line.unfolded = all;
    text.classList.toggle("folded", !all);
    button.textContent = all ? words.showLess : words.showAll;
    button.setAttribute("aria-expanded", String(!!all));
  };
  const button = press("", () => {
    show(!line.unfolded);
    text.scrollIntoView({ block: "nearest" });
  });
  // A link may get the focus where it cannot be seen.
  text.addEventListener("focusin", ({ target }) => {
    if (line.unfolded || !(target instanceof Element)) return;
    show(true);
    target.scrollIntoView({ block: "nearest" });
  });
  show(line.unfolded);
  return button;
}
