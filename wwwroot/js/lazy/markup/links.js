// Finds the addresses in a text. linkify-it says how far one may reach. Where it begins and ends in a sentence is decided here.

import MarkdownIt from "../../../vendor/markdown-it/markdown-it.min.js";

/** @typedef {{at: number, end: number, text: string, href: string}} Link */

const { linkify } = new MarkdownIt();
// Longer ones stay text: cut off, they would lead elsewhere.
const LONGEST = 2000;
const START = /https?:(?=\/\/)|www\.(?=[^\s.])/giu;
// An address may follow a letter, but none of the script that it is written in itself.
const JOINED = /[\p{sc=Latin}\p{Nd}]/u;
// Ends an address: quotes, brackets and other punctuation beyond ASCII, what ends code and a table's cell, emoji, and another address.
const STOP = new RegExp("[\\s\"`<>|\\u00ab\\u00bb\\u2018\\u201a-\\u201f\\u2026\\u2039\\u203a\\u3000-\\u3004\\u3008-\\u3020\\uff01-\\uff0f"
  + "\\uff1a-\\uff20\\uff3b-\\uff40\\uff5b-\\uff65\\p{ExtPict}]|[,;](?=https?://|www\\.)", "iu");
// A host like example.org, and right after it a letter of another script.
const HOST = /^https?:\/\/[a-z0-9.-]*\.[a-z]{2,}(?=[^\x00-\x7f])/iu;
// Punctuation of the sentence, and marks around the address.
const TAIL = /[.,;:!?'’*_~]/u;
const PAIRS = new Map([[")", "("], ["]", "["], ["}", "{"]]);
// A name before the host, as in https://bank.example@example.org/, only misleads.
const LOGIN = /^[^/?#]{0,100}@/u;
// Signs that are not seen, or that change the order of others.
const UNSEEN = /[\p{Cc}\p{Cf}\p{DI}]/gu;

/** @param {string} text @returns {Link[]} in order */
export function findLinks(text) {
  /** @type {Link[]} */
  const links = [];
  START.lastIndex = 0;
  for (let found = START.exec(text); found; found = START.exec(text)) {
    const { 0: start, index } = found;
    if (JOINED.test(text[index - 1] ?? "")) continue;
    const rest = text.slice(index, index + LONGEST);
    const stop = rest.search(STOP);
    if (stop < 0 && rest.length === LONGEST) {
      START.lastIndex = index + LONGEST;
      continue;
    }
    const link = linkAt(stop < 0 ? rest : rest.slice(0, stop), index, start);
    if (!link) continue;
    links.push(link);
    START.lastIndex = link.end;
  }
  return links;
}

/**
 * @param {string} text up to where the address may reach @param {number} at @param {string} start http:, https: or www.
 * @returns {Link | null}
 */
function linkAt(text, at, start) {
  const bare = start.length === 4;
  const full = bare ? `http://${text}` : text;
  const scheme = bare ? "http:" : start;
  const length = linkify.testSchemaAt(full, scheme, scheme.length);
  if (length === 0 || LOGIN.test(full.slice(scheme.length + length))) return null;
  const whole = full.slice(0, scheme.length + length);
  const address = trim(HOST.exec(whole)?.[0] ?? whole);
  const href = address.replace(UNSEEN, encodeURIComponent);
  if (!URL.canParse(href) || !/^https?:$/.test(new URL(href).protocol)) return null;
  const skipped = full.length - text.length;
  return { at, end: at + address.length - skipped, text: href.slice(skipped), href };
}

/** An address without punctuation of the sentence. @param {string} address */
function trim(address) {
  let end = address.length;
  for (; end > 0; end--) {
    const last = address[end - 1];
    const opens = PAIRS.get(last);
    const unpaired = opens && address.slice(0, end).split(last).length > address.slice(0, end).split(opens).length;
    if (!unpaired && !TAIL.test(last)) break;
  }
  return address.slice(0, end);
}
