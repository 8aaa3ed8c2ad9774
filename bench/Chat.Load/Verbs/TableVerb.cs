using System.CommandLine;
using ErlChat.Load.Table;

namespace ErlChat.Load.Verbs;

/// <summary><c>table</c>: runs everything, and prints one table at the end.</summary>
internal static class TableVerb
{
    internal static Command Create()
    {
        var common = new CommonOptions(null, choosesPeer: false);
        var markdown = new Option<FileInfo?>("--markdown") { Description = "Writes the table into this file too." };
        Option<int> minutes = NumberOption.Create("--minutes", 10, 1, 120, "What is not measured by then is left out.");
        Option<int> scale = NumberOption.Create("--scale", 1, 1, 100, "Divides all numbers of people and deliveries, for a quick look.");
        var command =
            new Command("table", "Measures ours beside each peer and prints one table, with ratios to nchan.") { markdown, minutes, scale };
        common.AddTo(command);
        command.SetAction((result, ending) => RunAsync(
            common, result, result.GetValue(minutes), result.GetValue(scale), result.GetValue(markdown), ending));
        return command;
    }

    /// <returns>
    /// 0 when everything of ours was measured and met its targets. Otherwise a table that was written before is left unchanged.
    /// </returns>
    private static async Task<int> RunAsync(
        CommonOptions common, ParseResult result, int minutes, int scale, FileInfo? markdown, CancellationToken ending)
    {
        string busy = await Machine.BusyAsync(ending);

        // The last phase may need slightly more time than it was given.
        var budget = new Budget(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(10));
        var bench = new BenchTable(budget, folder => common.Settings(result, folder), scale, ending);
        bench.RunAll();

        string where = await Machine.DescribeAsync(
            busy, await Machine.VersionsOfAsync(ending, "nginx-light", "libnginx-mod-nchan"), ending);
        string[] verdicts =
        [
            .. Target.All(scale).Select(target => target.Verdict(bench.Results)),
            .. GrowthTarget.All(scale).Select(target => target.Verdict(bench.Results)),
        ];
        Console.WriteLine(
            $"\n{where}\nIn brackets: the ratio to {BenchTable.Basis}.\n\n{bench.Results.ToText()}\n{string.Join('\n', verdicts)}\n");
        foreach (string note in bench.Notes)
            Console.WriteLine("note: " + note);
        if (bench.HasFailed)
            return 1;
        if (markdown is not null)
        {
            markdown.Directory?.Create();
            await File.WriteAllTextAsync(markdown.FullName, Markdown(where, bench, verdicts), ending);
        }

        return 0;
    }

    private static string Markdown(string where, BenchTable bench, string[] verdicts) =>
        $"# What was measured\n\n{where}\nIn brackets: the ratio to {BenchTable.Basis}.\n\n{bench.Results.ToMarkdown()}"
        + $"\n## Targets\n\n{List(verdicts)}"
        + (bench.Notes.Count > 0 ? $"\n## Notes\n\n{List(bench.Notes)}" : "");

    private static string List(IEnumerable<string> lines) => string.Concat(lines.Select(line => $"- {line}\n"));
}
