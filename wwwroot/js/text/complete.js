// Completes the word before the cursor: a command, an emoji or a nick.

/** @typedef {{insert: string, label: string, hint?: string}} Option */
/** @typedef {{nicks: string[], commands: {name: string, usage: string, help: string}[], emoji: Map<string, string>}} Known */
/** @typedef {{from: number, to: number, options: Option[]}} Suggestion  the options replace the text from … to */

const MOST = 8;

/**
 * @param {string} text @param {number} caret @param {Known} known
 * @param {boolean} asked whether Tab was pressed, so that plain words are completed to nicks too
 * @returns {Suggestion | null}
 */
export function suggest(text, caret, { nicks, commands, emoji }, asked) {
  const before = text.slice(0, caret);
  // Not in front of other text: whoever puts a slash before another one does not begin a command.
  if (/^\/[a-z0-9 ]{0,40}$/i.test(before) && /^(\s|$)/.test(text.slice(caret))) {
    const low = before.toLowerCase();
    return some(0, caret, commands
      .filter(({ name }) => name.startsWith(low))
      .map(({ name, usage, help }) => ({ insert: `${name} `, label: usage, hint: help })));
  }
  const word = before.slice(Math.max(0, caret - 40)).match(/(?:^|\s)(\S+)$/)?.[1] ?? "";
  const from = caret - word.length;
  if (/^:[a-z0-9_+-]{2,}$/i.test(word) || (asked && /^:[a-z0-9_+-]+$/i.test(word))) {
    const low = word.slice(1).toLowerCase();
    const names = [...emoji.keys()].filter((name) => name.includes(low));
    names.sort((a, b) => Number(b.startsWith(low)) - Number(a.startsWith(low)));
    return some(from, caret, names.slice(0, MOST).map((name) => (
      { insert: `${emoji.get(name)} `, label: emoji.get(name) ?? "", hint: `:${name}:` })));
  }
  const at = word.startsWith("@");
  if (!word || (!at && !asked)) return null;
  const low = word.slice(at ? 1 : 0).normalize().toLowerCase();
  // A nick at the beginning addresses the person: "bob: …".
  const after = from === 0 && !at ? ": " : " ";
  return some(from, caret, nicks
    .filter((nick) => nick.toLowerCase().startsWith(low))
    .slice(0, MOST)
    .map((nick) => ({ insert: (at ? "@" : "") + nick + after, label: nick })));
}

/** @param {number} from @param {number} to @param {Option[]} options @returns {Suggestion | null} */
const some = (from, to, options) => (options.length > 0 ? { from, to, options } : null);
