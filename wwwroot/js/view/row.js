// Draws one line of the messages, and what is above it: a new day, or "New messages".

import { parse } from "../text/markup.js";
import * as time from "../text/time.js";
import { words } from "../text/words.js";
import { hue, make } from "./dom.js";
import { onlyEmoji, rich } from "./rich.js";

/** @typedef {import("../model/line.js").Line} Line */

// Messages of a user within so many ms share one name.
const GROUP = 5 * 60_000;

/**
 * How a line is shown after the one before, as a string to compare.
 * @param {Line} line @param {Line | undefined} before @param {boolean} isNew
 */
export function shapeOf(line, before, isNew) {
  const day = line.at !== undefined && (!before?.at || new Date(line.at).toDateString() !== new Date(before.at).toDateString());
  const joins = !day && !isNew && line.kind === "said" && before?.kind === "said" && before.nick === line.nick
    && Date.parse(line.at ?? "") - Date.parse(before.at ?? "") < GROUP;
  return `${day ? "day " : ""}${isNew ? "new " : ""}${joins ? "" : "head"}`;
}

/** @param {Line} line @param {string} shape @param {string} me */
export function drawRow(line, shape, me) {
  const row = make("div", "row");
  row.dataset.id = String(line.id);
  const at = line.at ? new Date(line.at) : undefined;
  if (at && shape.includes("day")) row.append(make("div", "day", time.day(at)));
  if (shape.includes("new")) row.append(make("div", "new", words.newMessages));
  row.append(line.kind === "system" ? drawSystem(line, at) : drawMessage(line, at, shape.includes("head"), me));
  return row;
}

/** @param {Date} at @param {string} stamp @param {boolean} brief */
function drawTime(at, stamp, brief) {
  const element = make("time", "", brief ? time.brief(at) : time.clock(at));
  element.dateTime = stamp;
  element.title = time.full(at);
  return element;
}

/** @param {Line} line @param {Date} [at] */
function drawSystem(line, at) {
  const element = make("div", "system");
  if (at && line.at) element.append(drawTime(at, line.at, true));
  const text = make("span", "text", line.text);
  text.dir = "auto";
  element.append(text);
  return element;
}

/** @param {Line} line @param {Date | undefined} at @param {boolean} head @param {string} me */
function drawMessage(line, at, head, me) {
  const element = make("div", `message ${line.kind}`);
  if (line.own) element.classList.add("own");
  if (line.mention) element.classList.add("mentioned");
  const stamp = at && line.at ? drawTime(at, line.at, !head || line.kind !== "said") : "";
  const { nick = "" } = line;
  const name = make("button", `nick ${hue(nick)}`, make("bdi", "", nick));
  name.type = "button";
  name.dataset.nick = nick;
  if (line.kind === "said" && head) {
    element.classList.add("head");
    const avatar = make("span", `avatar ${hue(nick)}`, [...nick][0]);
    avatar.setAttribute("aria-hidden", "true");
    element.append(avatar, make("div", "byline", name, stamp));
  } else {
    element.append(stamp);
  }
  const tokens = parse(line.text, line.own ? "" : me);
  if (onlyEmoji(tokens)) element.classList.add("emoji-only");
  const text = make("div", "text", ...rich(tokens));
  text.dir = "auto";
  if (line.kind === "action") text.prepend(name, " ");
  element.append(text);
  if (line.cut) element.append(make("div", "fate", words.marksCut));
  return element;
}
