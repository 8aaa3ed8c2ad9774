using System.Security.Cryptography;
using System.Text.Json;
using ErlChat.Web.Site;

namespace ErlChat.Web.Tests.Assets;

/// <summary>
/// The libraries in <c>wwwroot/vendor</c> are those that <c>eng/js/package-lock.json</c> names, unchanged, and with their licences.
/// <c>make vendor</c> writes them, and the list of them. Of the data on emoji it keeps only a part.
/// </summary>
public class VendoredFilesTests
{
    private static readonly string s_root = SitePaths.OptionsFor([]).ContentRootPath!;

    private static readonly string s_vendor = Path.Combine(s_root, "wwwroot", "vendor");

    private sealed record Library(string Version, string License, string Integrity, Dictionary<string, string> Files);

    [Fact]
    public void The_libraries_are_those_of_the_lock_file()
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(s_root, "eng", "js", "package-lock.json")));
        JsonElement locked = json.RootElement.GetProperty("packages");
        Dictionary<string, Library> libraries = Libraries();
        Assert.Contains("markdown-it", libraries.Keys);
        foreach ((string name, Library library) in libraries)
        {
            JsonElement package = locked.GetProperty("node_modules/" + name);
            Assert.Equal(
                (name, package.GetProperty("version").GetString(), package.GetProperty("integrity").GetString(),
                    package.GetProperty("license").GetString()),
                (name, library.Version, library.Integrity, library.License));
        }

        // What the pages need is exact. The rest follows from it.
        foreach (JsonProperty wanted in locked.GetProperty("").GetProperty("dependencies").EnumerateObject())
            Assert.Equal(wanted.Value.GetString(), libraries[wanted.Name].Version);
    }

    [Fact]
    public void The_files_are_as_make_vendor_wrote_them_and_there_are_no_others()
    {
        string[] files =
        [
            .. Directory.EnumerateFiles(s_vendor, "*", SearchOption.AllDirectories)
                .Select(static path => Path.GetRelativePath(s_vendor, path).Replace('\\', '/'))
                .Where(static path => path != "versions.json" && !path.EndsWith(".d.ts", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];
        Dictionary<string, string> hashes = Libraries().Values.SelectMany(static library => library.Files).ToDictionary();
        Assert.Equal(hashes.Keys.Order(StringComparer.Ordinal), files);
        Assert.All(files, file => Assert.Equal(hashes[file], HashOf(file)));
    }

    [Fact]
    public void Every_library_has_its_licence() =>
        Assert.All(Libraries().Values, static library => Assert.Contains(
            library.Files.Keys, static file => file.EndsWith("/LICENSE", StringComparison.Ordinal)));

    /// <summary>Whatever highlighting needs is there: each language that the page knows, and no other.</summary>
    [Fact]
    public void The_languages_are_those_that_the_page_highlights()
    {
        string table = File.ReadAllText(Path.Combine(s_root, "wwwroot", "js", "lazy", "markup", "languages.js")).Split('`')[1];
        Assert.Equal(
            table.Split('|').Select(static entry => entry.Trim().Split(' ')[0] + ".min.js").Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(Path.Combine(s_vendor, "highlight.js", "languages"))
                .Select(Path.GetFileName)
                .Order(StringComparer.Ordinal));
    }

    /// <summary>The licence of the data demands that a changed file says so. The page finds its groups in each language.</summary>
    [Theory]
    [InlineData("en", "grinning face")]
    [InlineData("de", "grinsendes Gesicht")]
    public void The_emoji_are_there_in_each_language(string language, string name)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(s_vendor, "emoji", language + ".json")));
        string notice = json.RootElement.GetProperty("notice").GetString()!;
        Assert.StartsWith("Made from emoji-picker-element-data ", notice, StringComparison.Ordinal);
        Assert.Equal(name, json.RootElement.GetProperty("0")[0][1].GetString());
        string script = File.ReadAllText(Path.Combine(s_root, "wwwroot", "js", "lazy", "emojiPicker.js"));
        Assert.All(
            json.RootElement.EnumerateObject().Where(static one => one.Name != "notice"),
            group => Assert.Contains($"[{group.Name}, \"", script, StringComparison.Ordinal));
    }

    private static Dictionary<string, Library> Libraries() => JsonSerializer.Deserialize<Dictionary<string, Library>>(
        File.ReadAllText(Path.Combine(s_vendor, "versions.json")), JsonSerializerOptions.Web)!;

    private static string HashOf(string file) =>
        "sha256-" + Convert.ToBase64String(SHA256.HashData(File.ReadAllBytes(Path.Combine(s_vendor, file))));
}
