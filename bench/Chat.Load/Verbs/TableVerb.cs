using System.CommandLine;
using ErlChat.Load.Table;

namespace ErlChat.Load.Verbs;

/// <summary><c>table</c>: everything, and one table at the end.</summary>
internal static class TableVerb
{
    internal static Command Create()
    {
        var common = new CommonOptions(null, choosesPeer: false);
        var markdown = new Option<FileInfo?>("--markdown") { Description = "Writes the table into this file too." };
        Option<int> minutes = NumberOption.Create("--minutes", 10, 1, 120, "What is not measured by then is left out.");
        Option<int> scale = NumberOption.Create("--scale", 1, 1, 100, "Divides all numbers of people and deliveries, for a quick look.");
        var command = new Command("table", "Measures ours beside each peer and prints one table, with ratios to nchan.") { markdown, minutes, scale };
        common.AddTo(command);
        command.SetAction(async (result, token) =>
        {
            string load = Machine.Load;
            int divisor = result.GetValue(scale);

            // The last phase may need a little longer than it was given.
            var budget = new Budget(TimeSpan.FromMinutes(result.GetValue(minutes)) - TimeSpan.FromSeconds(10));
            var bench = new BenchTable(budget, folder => common.Settings(result, folder), divisor);
            bench.RunAll();

            string where = await Machine.DescribeAsync(load, token);
            string[] verdicts = [.. Target.All(divisor).Select(target => target.Verdict(bench.Results)), GrowthTarget.Verdict(bench.Results, divisor)];
            Console.WriteLine($"\n{where}\nIn brackets: the ratio to {BenchTable.Basis}.\n\n{bench.Results.ToText()}\n{string.Join('\n', verdicts)}\n");
            foreach (string note in bench.Notes)
                Console.WriteLine("note: " + note);
            if (result.GetValue(markdown) is { } file)
            {
                file.Directory?.Create();
                await File.WriteAllTextAsync(file.FullName, Markdown(where, bench, verdicts), token);
            }

            return 0;
        });
        return command;
    }

    private static string Markdown(string where, BenchTable bench, string[] verdicts) =>
        $"# What was measured\n\n{where}\nIn brackets: the ratio to {BenchTable.Basis}.\n\n{bench.Results.ToMarkdown()}\n## Targets\n\n{List(verdicts)}"
        + (bench.Notes.Count > 0 ? $"\n## Notes\n\n{List(bench.Notes)}" : "");

    private static string List(IEnumerable<string> lines) => string.Concat(lines.Select(line => $"- {line}\n"));
}
