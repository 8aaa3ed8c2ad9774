using System.Text.RegularExpressions;
using ErlChat.Web.Site;

namespace ErlChat.Web.Tests.Documentation;

/// <summary>No line of the sources and the docs is longer than a reader's window.</summary>
public partial class LineLengthTests
{
    /// <summary>The most characters in a line, in UTF-16 units.</summary>
    private const int MaxLength = 140;

    private static readonly string s_root = SitePaths.OptionsFor([]).ContentRootPath!;

    private static readonly string[] s_folders = ["src", "tests", "bench", "eng", "docs", "wwwroot", "deploy"];

    [Fact]
    public void No_line_is_longer_than_140_characters()
    {
        string[] files = [.. Files()];
        Assert.True(files.Length > 500, "The sources are not where this test looks for them.");
        string[] tooLong = [.. files.SelectMany(LongLines)];
        Assert.True(tooLong.Length == 0, $"Lines over {MaxLength} characters:\n{string.Join('\n', tooLong)}");
    }

    [Theory]
    [InlineData("Some text before a link: ", true)]
    [InlineData("- ", false)]
    [InlineData("// ", false)]
    [InlineData("[1]: ", false)]
    public void Only_a_line_that_holds_one_link_may_be_longer(string start, bool isTooLong) =>
        Assert.Equal(isTooLong, IsTooLong($"{start}https://example.org/{new string('x', MaxLength)}"));

    private static IEnumerable<string> Files() => s_folders
        .SelectMany(static folder => Directory.EnumerateFiles(Path.Combine(s_root, folder), "*", SearchOption.AllDirectories))
        .Concat([Path.Combine(s_root, "README.md"), Path.Combine(s_root, "Makefile")])
        .Where(static file => Source().IsMatch(file) && !Foreign().IsMatch(Path.GetRelativePath(s_root, file)))
        .Order(StringComparer.Ordinal);

    private static IEnumerable<string> LongLines(string file)
    {
        bool isMarkdown = file.EndsWith(".md", StringComparison.Ordinal);
        bool isFenced = false;
        int number = 0;
        foreach (string line in File.ReadLines(file))
        {
            number++;
            if (isMarkdown && line.TrimStart().StartsWith("```", StringComparison.Ordinal))
                isFenced = !isFenced;
            if (IsTooLong(line) && !(isMarkdown && (isFenced || line.TrimStart().StartsWith('|'))))
                yield return $"{Path.GetRelativePath(s_root, file)}:{number} ({line.Length})";
        }
    }

    private static bool IsTooLong(string line) => line.Length > MaxLength && !Unbreakable().IsMatch(line);

    [GeneratedRegex(@"(\.(cs|js|css|sh|md)|/Makefile)$")]
    private static partial Regex Source();

    /// <summary>Build output, packages and minified files, which nobody edits.</summary>
    [GeneratedRegex(@"(^|/)(bin|obj|node_modules|vendor|TestResults)/|\.min\.")]
    private static partial Regex Foreign();

    /// <summary>A line with nothing but one link or path, after a comment or list mark.</summary>
    [GeneratedRegex(@"^\s*((//+|[-*#>]|\d+\.|\[[^\]]*\]:)\s+)*\S*(://|\]\()\S+$")]
    private static partial Regex Unbreakable();
}
