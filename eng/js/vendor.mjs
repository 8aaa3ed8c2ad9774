// Copies the libraries that the pages use from node_modules to wwwroot/vendor, with their licences, and lists them in versions.json.
// node_modules has what package-lock.json names: npm ci checks each package against its hash there. Of the data on emoji, only what the
// page's picker shows is kept, in a quarter of the size.

import { createHash } from "node:crypto";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const TARGET = join(HERE, "../../wwwroot/vendor");

// What people paste into chats, as highlight.js names it. wwwroot/js/lazy/markup/languages.js has the names that people write.
const LANGUAGES = `bash c cpp csharp css diff dockerfile elixir erlang go haskell ini java javascript json kotlin lua makefile markdown
  nginx perl php powershell python r ruby rust scala shell sql swift typescript xml yaml`.split(/\s+/);

/** The folder of each package, and its files: from where, to where. markdown-it's file contains the packages without files. */
const PACKAGES = {
  "markdown-it": ["markdown-it", { "dist/browser/markdown-it.esm.min.mjs": "markdown-it.min.js" }],
  "linkify-it": ["linkify-it", {}],
  "entities": ["entities", {}],
  "mdurl": ["mdurl", {}],
  "punycode.js": ["punycode.js", {}],
  "uc.micro": ["uc.micro", {}],
  "@highlightjs/cdn-assets": ["highlight.js", {
    "es/core.min.js": "core.min.js",
    ...Object.fromEntries(LANGUAGES.map((name) => [`es/languages/${name}.min.js`, `languages/${name}.min.js`])),
  }],
  "emoji-picker-element-data": ["emoji", {
    "en/cldr-native/data.json": "en.json",
    "de/cldr-native/data.json": "de.json",
  }],
};

// The newest version of Unicode's emoji whose signs systems in use can draw, and the group of signs that are only parts of others.
const EMOJI = 15;
const PARTS = 2;

/** For the type check: what is in the files that modules import by their path. */
const TYPES = {
  "markdown-it/markdown-it.min.d.ts": 'export { default } from "markdown-it";\n',
  "highlight.js/core.min.d.ts": "declare const highlighter: any;\nexport default highlighter;\n",
};

const lock = JSON.parse(await readFile(join(HERE, "package-lock.json"), "utf8")).packages;
await rm(TARGET, { recursive: true, force: true });
const list = {};
for (const [name, [folder, files]] of Object.entries(PACKAGES)) {
  const { version, license, integrity } = lock[`node_modules/${name}`];
  const source = join(HERE, "node_modules", name);
  const installed = JSON.parse(await readFile(join(source, "package.json"), "utf8")).version;
  if (installed !== version) throw new Error(`${name} is ${installed}, but package-lock.json says ${version}. Run npm ci first.`);
  const hashes = {};
  for (const [from, to] of Object.entries({ ...files, [await licence(source)]: "LICENSE" })) {
    const path = join(TARGET, folder, to);
    await mkdir(dirname(path), { recursive: true });
    if (from.endsWith(".json")) await writeFile(path, emoji(JSON.parse(await readFile(join(source, from), "utf8")), `${name} ${version}`));
    else await cp(join(source, from), path);
    hashes[`${folder}/${to}`] = `sha256-${createHash("sha256").update(await readFile(path)).digest("base64")}`;
  }
  list[name] = { version, license, integrity, files: hashes };
}
for (const [path, text] of Object.entries(TYPES)) await writeFile(join(TARGET, path), text);
await writeFile(join(TARGET, "versions.json"), `${JSON.stringify(list, null, 2)}\n`);

/**
 * The emoji by group, a line for each: the sign, its name, and other words for it. Whoever changes the data has to say so in it.
 * @param {{emoji: string, annotation: string, tags?: string[], order: number, group: number, version: number}[]} all @param {string} source
 */
function emoji(all, source) {
  const shown = all.filter(({ version, group }) => version <= EMOJI && group !== PARTS).sort((a, b) => a.order - b.order);
  const lines = [...new Set(shown.map(({ group }) => group))].sort((a, b) => a - b).map((group) => {
    const members = shown.filter((one) => one.group === group);
    return `"${group}": [\n${members.map((one) => JSON.stringify([one.emoji, one.annotation, wordsOf(one).join(" ")])).join(",\n")}\n]`;
  });
  return `{\n"notice": "Made from ${source} by eng/js/vendor.mjs, which left out what the page does not use.",\n${lines.join(",\n")}\n}\n`;
}

/** What else somebody may search for: not what the name says anyway. @param {{annotation: string, tags?: string[]}} one */
function wordsOf({ annotation, tags = [] }) {
  const name = new Set(annotation.toLowerCase().split(/[^\p{L}\p{N}]+/u));
  return [...new Set(tags.flatMap((tag) => tag.toLowerCase().split(" ")))].filter((word) => !name.has(word));
}

/** @param {string} folder of a package */
async function licence(folder) {
  for (const name of ["LICENSE", "LICENSE.txt", "LICENSE-MIT.txt", "LICENSE.md"]) {
    if (await readFile(join(folder, name)).then(() => true, () => false)) return name;
  }
  throw new Error(`${folder} has no licence file.`);
}
