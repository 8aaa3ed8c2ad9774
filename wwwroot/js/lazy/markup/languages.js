// The languages that are highlighted: highlight.js's names, and what people write instead.

const TABLE = `bash sh zsh|c h|cpp c++ cc hpp|csharp cs c#|css|diff patch|dockerfile docker|elixir ex exs|erlang erl|go golang|haskell hs|
  ini toml|java|javascript js jsx mjs cjs node|json jsonc|kotlin kt|lua|makefile make mk|markdown md|nginx|perl pl|php|
  powershell ps1 pwsh|python py|r|ruby rb|rust rs|scala|shell console|sql postgres postgresql sqlite mysql|swift|typescript ts tsx|
  xml html svg xhtml|yaml yml`;

/** @type {Map<string, string>} from what people write to the name */
export const languages = new Map(TABLE.split("|").flatMap((entry) => {
  const names = entry.trim().split(" ");
  return names.map((name) => /** @type {[string, string]} */ ([name, names[0]]));
}));
