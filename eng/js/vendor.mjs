// Copies the libraries that the pages use from node_modules to wwwroot/vendor, with their licences, and lists them in versions.json.
// node_modules has what package-lock.json names: npm ci checks each package against its hash there.

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
};

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
    await cp(join(source, from), path);
    hashes[`${folder}/${to}`] = `sha256-${createHash("sha256").update(await readFile(path)).digest("base64")}`;
  }
  list[name] = { version, license, integrity, files: hashes };
}
for (const [path, text] of Object.entries(TYPES)) await writeFile(join(TARGET, path), text);
await writeFile(join(TARGET, "versions.json"), `${JSON.stringify(list, null, 2)}\n`);

/** @param {string} folder of a package */
async function licence(folder) {
  for (const name of ["LICENSE", "LICENSE.txt", "LICENSE-MIT.txt", "LICENSE.md"]) {
    if (await readFile(join(folder, name)).then(() => true, () => false)) return name;
  }
  throw new Error(`${folder} has no licence file.`);
}
