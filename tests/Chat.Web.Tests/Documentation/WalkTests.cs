using System.Text.RegularExpressions;
using ErlChat.Web.Site;

namespace ErlChat.Web.Tests.Documentation;

/// <summary>"How a message travels" in docs/architecture.md leads through files that exist, and never comes back to a folder.</summary>
public partial class WalkTests
{
    [Fact]
    public void Every_step_names_a_file_and_no_folder_is_entered_twice()
    {
        string page = File.ReadAllText(PathOf("docs/architecture.md"));
        string way = Section().Match(page).Groups["steps"].Value;
        string[] files = [.. CodeFile().Matches(way).Select(match => match.Groups["path"].Value)];
        Assert.True(files.Length >= 10, "The page has lost its way.");
        Assert.All(files, file => Assert.True(File.Exists(PathOf(file)), file));

        var folders = new List<string>();
        foreach (string folder in files.Select(file => Path.GetDirectoryName(file)!))
        {
            if (folders.LastOrDefault() != folder)
                folders.Add(folder);
        }

        Assert.Equal(folders.Distinct(), folders);
    }

    /// <summary>
    /// A member named next to a file, as in "`src/X.cs`: `One`, `Two`" and "`One` in `src/X.cs`", is in that file, in either section.
    /// </summary>
    [Fact]
    public void Every_member_that_is_named_next_to_a_file_is_in_it()
    {
        string page = File.ReadAllText(PathOf("docs/architecture.md"));
        string text = Section().Match(page).Groups["steps"].Value + Behaviours().Match(page).Value;
        (string File, string Member)[] named =
        [
            .. MembersOfFile().Matches(text).Concat(MemberInFile().Matches(text))
                .SelectMany(static pair => pair.Groups["name"].Captures.Select(name => (pair.Groups["path"].Value, name.Value))),
        ];
        Assert.True(named.Length >= 12, "The page names fewer members than it did.");
        Assert.All(named, static one => Assert.Matches(
            one.Member.EndsWith(')') ? $@"\b{Regex.Escape(one.Member[..^1])}\b" : $@"\b{one.Member}\(",
            File.ReadAllText(PathOf(one.File))));
    }

    private static string PathOf(string file) => Path.Combine(SitePaths.OptionsFor([]).ContentRootPath!, file);

    [GeneratedRegex(@"## How a message travels\n(?<steps>.*?)\nMeanwhile", RegexOptions.Singleline)]
    private static partial Regex Section();

    [GeneratedRegex(@"## Where to find a behaviour\n.*?(?=\n## )", RegexOptions.Singleline)]
    private static partial Regex Behaviours();

    [GeneratedRegex("`(?<path>src/[^`]+\\.cs)`")]
    private static partial Regex CodeFile();

    [GeneratedRegex(@"`(?<path>src/[^`]+\.cs)`:\s+`(?<name>[A-Z]\w*(\(\w+\))?)`(,\s+`(?<name>[A-Z]\w*(\(\w+\))?)`)*")]
    private static partial Regex MembersOfFile();

    [GeneratedRegex(@"`(?<name>[A-Z]\w*(\(\w+\))?)`\s+in\s+`(?<path>src/[^`]+\.cs)`")]
    private static partial Regex MemberInFile();
}
