using System.Text.RegularExpressions;
using ErlChat.Web.Site;

namespace ErlChat.Web.Tests.Documentation;

/// <summary>What comments and docs cite exists: a clause of a wire's contract, a decision, a file.</summary>
public partial class CitationTests
{
    private static readonly string s_root = SitePaths.OptionsFor([]).ContentRootPath!;

    [Fact]
    public void A_cited_clause_is_a_section_of_its_page()
    {
        var cited = new HashSet<string>(StringComparer.Ordinal);
        foreach (string file in Sources())
        {
            foreach (Match citation in Clauses().Matches(WithoutBreaks(file)))
            {
                string page = citation.Groups["page"].Value;
                foreach (int clause in NumbersOf(citation.Groups["numbers"].Value))
                {
                    cited.Add(page);
                    string[] lines = File.ReadAllLines(Path.Combine(s_root, "docs", page));
                    Assert.True(
                        Array.Exists(lines, line => line.StartsWith($"### {clause}. ", StringComparison.Ordinal)),
                        $"{Path.GetRelativePath(s_root, file)} cites clause {clause} of docs/{page}, which has none.");
                }
            }
        }

        Assert.Equal(["comet.md", "flack.md"], cited.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("comet.md", 18)]
    [InlineData("flack.md", 8)]
    public void Clauses_are_numbered_in_order(string page, int last)
    {
        IEnumerable<int> numbers = File.ReadLines(Path.Combine(s_root, "docs", page))
            .Select(static line => Heading().Match(line))
            .Where(static heading => heading.Success)
            .Select(static heading => int.Parse(heading.Groups["number"].ValueSpan));
        Assert.Equal(Enumerable.Range(1, last), numbers);
    }

    [Fact]
    public void A_cited_page_or_decision_exists()
    {
        foreach (string file in Sources())
        {
            foreach (Match named in Pages().Matches(WithoutBreaks(file)))
            {
                string path = Path.Combine(s_root, named.Value);
                bool isThere = File.Exists(path)
                    || Directory.EnumerateFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path) + "-*.md").Any();
                Assert.True(isThere, $"{Path.GetRelativePath(s_root, file)} names {named.Value}, which is not there.");
            }
        }
    }

    /// <summary>The README and the pages name source files by their path from the top of the repository.</summary>
    [Fact]
    public void A_source_file_that_a_page_names_exists()
    {
        IEnumerable<string> pages = Directory.EnumerateFiles(Path.Combine(s_root, "docs"), "*.md", SearchOption.AllDirectories)
            .Append(Path.Combine(s_root, "README.md"));
        string[] named = [.. pages.SelectMany(page => SourceFile().Matches(File.ReadAllText(page)))
            .Select(match => match.Groups["path"].Value).Distinct()];
        Assert.True(named.Length >= 20);
        Assert.All(named, path => Assert.True(File.Exists(Path.Combine(s_root, path)), path));
    }

    /// <summary>The text of a file without line breaks inside comments. A citation may be broken over two lines.</summary>
    private static string WithoutBreaks(string file) => Break().Replace(File.ReadAllText(file), " ");

    private static IEnumerable<int> NumbersOf(string text)
    {
        if (text.Contains(" to ", StringComparison.Ordinal))
        {
            int[] ends = [.. text.Split(" to ").Select(int.Parse)];
            return Enumerable.Range(ends[0], ends[1] - ends[0] + 1);
        }

        return text.Split([",", "and"], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(int.Parse);
    }

    private static IEnumerable<string> Sources() => ((string[])["src", "tests", "bench"])
        .SelectMany(static folder => Directory.EnumerateFiles(Path.Combine(s_root, folder), "*.cs", SearchOption.AllDirectories))
        .Where(static file => !file.Contains("/obj/", StringComparison.Ordinal));

    [GeneratedRegex("""docs/(?<page>\w+\.md), clauses? (?<numbers>\d+( to \d+|((, | and )\d+)*))""")]
    private static partial Regex Clauses();

    [GeneratedRegex("""docs/adr/\d{4}|docs/[a-z]+\.md""")]
    private static partial Regex Pages();

    [GeneratedRegex("""`(?<path>(src|tests|bench|wwwroot)/[^`*… ]+\.(cs|js|py))`""")]
    private static partial Regex SourceFile();

    [GeneratedRegex("""^### (?<number>\d+)\. """)]
    private static partial Regex Heading();

    [GeneratedRegex("""\n\s*//+ """)]
    private static partial Regex Break();
}
