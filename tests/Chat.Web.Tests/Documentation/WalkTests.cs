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

    /// <summary>A member that a step names is in the file that the step is about.</summary>
    [Fact]
    public void Every_member_that_a_step_names_is_in_its_file()
    {
        string page = File.ReadAllText(PathOf("docs/architecture.md"));
        string way = Section().Match(page).Groups["steps"].Value;
        (string File, string Member)[] named =
        [
            .. Step().Matches(way)
                .Select(step => step.Value)
                .Where(step => Member().IsMatch(step))
                .Select(step => (CodeFile().Match(step).Groups["path"].Value, Member().Match(step).Groups["name"].Value)),
        ];
        Assert.True(named.Length >= 4);
        Assert.All(named, one => Assert.Matches($@"\b{one.Member}\(", File.ReadAllText(PathOf(one.File))));
    }

    private static string PathOf(string file) => Path.Combine(SitePaths.OptionsFor([]).ContentRootPath!, file);

    [GeneratedRegex(@"## How a message travels\n(?<steps>.*?)\nMeanwhile", RegexOptions.Singleline)]
    private static partial Regex Section();

    [GeneratedRegex(@"^\d+\. .*?(?=^\d+\. |\z)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Step();

    [GeneratedRegex("`(?<path>src/[^`]+\\.cs)`")]
    private static partial Regex CodeFile();

    [GeneratedRegex("`(?<name>Send|SayAsync|Apply|ServeAsync)`")]
    private static partial Regex Member();
}
