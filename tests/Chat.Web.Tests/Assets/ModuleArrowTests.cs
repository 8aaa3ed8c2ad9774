using System.Text.RegularExpressions;
using ErlChat.Web.Site;

namespace ErlChat.Web.Tests.Assets;

/// <summary>
/// The folders of the browser's modules depend on each other in one direction only, so a module can be read, and loaded, without the
/// modules that use it. The arrows are the modules' <c>import</c>s, including those in types (<c>@param {import("…")…}</c>).
/// </summary>
public partial class ModuleArrowTests
{
    /// <summary>What each folder may depend on. "." stands for the modules that the pages load, and <c>vendor</c> is beside them.</summary>
    private static readonly Dictionary<string, string[]> s_allowed = new(StringComparer.Ordinal)
    {
        ["languages"] = [],
        ["languages/settings"] = [],
        ["languages/operator"] = [],
        ["languages/pages"] = [],
        ["storage"] = [],
        ["text"] = ["languages", "storage"],
        ["model"] = ["storage", "text"],
        ["transport"] = ["model"],
        ["session"] = ["model", "text", "transport"],
        ["view"] = ["model", "storage", "text", "transport"],
        ["lazy"] = ["languages/settings", "languages/pages", "model", "session", "storage", "text", "transport", "view"],
        ["lazy/operator"] = ["languages/operator", "text", "transport", "view"],
        ["lazy/markup"] = ["../vendor/highlight.js", "../vendor/highlight.js/languages", "../vendor/markdown-it", "view"],
        ["../vendor/highlight.js"] = [],
        ["../vendor/highlight.js/languages"] = [],
        ["../vendor/markdown-it"] = [],
        ["."] = ["lazy", "lazy/markup", "lazy/operator", "model", "session", "text", "transport", "view"],
    };

    private static readonly string s_scripts = Path.Combine(SitePaths.OptionsFor([]).WebRootPath!, "js");

    [Fact]
    public void Folders_depend_on_each_other_as_allowed_and_every_allowed_arrow_exists()
    {
        string[] allowed = [.. s_allowed.SelectMany(one => one.Value.Select(to => $"{one.Key} -> {to}")).Order(StringComparer.Ordinal)];
        string[] arrows = [.. Imports().Select(Arrow).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal(allowed, arrows);
    }

    [Fact]
    public void The_allowed_arrows_have_no_cycle()
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        while (s_allowed.Keys.FirstOrDefault(folder => !reached.Contains(folder) && s_allowed[folder].All(reached.Contains)) is { } next)
            reached.Add(next);
        Assert.Equal(s_allowed.Keys.Order(StringComparer.Ordinal), reached.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_import_finds_its_module()
    {
        (string From, string To)[] imports = [.. Imports()];
        Assert.True(imports.Length > 100);

        // The path of an import with a ${…} in it is only known when the code runs.
        foreach ((string from, string to) in imports.Where(static one => !one.To.Contains('$', StringComparison.Ordinal)))
            Assert.True(File.Exists(Path.Combine(s_scripts, to)), $"{from} imports {to}, which is not there.");
    }

    /// <summary>The arrow of an import between folders. Null for an import within a folder.</summary>
    private static string? Arrow((string From, string To) import)
    {
        (string from, string to) = (FolderOf(import.From), FolderOf(import.To));
        return from == to ? null : $"{from} -> {to}";
    }

    private static string FolderOf(string module) =>
        module.Contains('/', StringComparison.Ordinal) ? module[..module.LastIndexOf('/')] : ".";

    private static IEnumerable<(string From, string To)> Imports()
    {
        foreach (string file in Directory.EnumerateFiles(s_scripts, "*.js", SearchOption.AllDirectories))
        {
            string from = Path.GetRelativePath(s_scripts, file);
            foreach (Match import in Import().Matches(File.ReadAllText(file)))
            {
                string to = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, import.Groups["path"].Value));
                yield return (from, Path.GetRelativePath(s_scripts, to));
            }
        }
    }

    [GeneratedRegex("""\b(from|import)\s*\(?\s*["`](?<path>\.[^"`]+)["`]""")]
    private static partial Regex Import();
}
