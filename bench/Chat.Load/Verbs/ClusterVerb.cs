using System.CommandLine;
using ErlChat.Load.Table;

namespace ErlChat.Load.Verbs;

/// <summary><c>cluster</c>: one, two and three nodes over PostgreSQL.</summary>
internal static class ClusterVerb
{
    internal static Command Create()
    {
        var common = new CommonOptions(3000, choosesPeer: false);
        var markdown = new Option<FileInfo?>("--markdown") { Description = "Writes the tables into this file too." };
        Option<int> minutes = NumberOption.Create("--minutes", 10, 1, 120, "What is not measured by then is left out.");
        Option<int> scale = NumberOption.Create(
            "--scale", 1, 1, 100, "Divides the other numbers of sessions and entries, and the times, for a quick look.");
        var parts = new Option<string[]>("--part")
        {
            Description = "Measures this part only; can be repeated. With all parts, the tables are complete.",
            DefaultValueFactory = _ => [.. ClusterTable.Parts],
        };
        parts.AcceptOnlyFromAmong([.. ClusterTable.Parts]);
        var command = new Command(
            "cluster", "1, 2 and 3 nodes over a PostgreSQL of their own: N parked polls, latency, starts, sessions elsewhere.")
        {
            parts, markdown, minutes, scale,
        };
        common.AddTo(command);
        command.SetAction((result, ending) =>
        {
            // The last phase may need slightly more time than it was given.
            var budget = new Budget(TimeSpan.FromMinutes(result.GetValue(minutes)) - TimeSpan.FromSeconds(10));
            var table = new ClusterTable(
                budget,
                common.Limit(result),
                node => common.Settings(result, node: node),
                common.Polls(result),
                result.GetValue(scale),
                ending);
            return RunAsync(table, result.GetRequiredValue(parts), result.GetValue(markdown), ending);
        });
        return command;
    }

    /// <returns>0 when everything was measured. Otherwise a table that was written before is left unchanged.</returns>
    private static async Task<int> RunAsync(
        ClusterTable table, IEnumerable<string> parts, FileInfo? markdown, CancellationToken ending)
    {
        string busy = await Machine.BusyAsync(ending);
        foreach (string part in parts)
            table.Run(part);
        string where = await Machine.DescribeAsync(busy, table.Database, ending);
        Console.WriteLine($"\n{where}\n");
        foreach (ResultTable figures in (ResultTable[])[table.Nodes, table.Starts, table.Elsewhere])
        {
            if (!figures.IsEmpty)
                Console.WriteLine(figures.ToText());
        }

        foreach (string note in table.Notes)
            Console.WriteLine("note: " + note);
        if (table.HasFailed)
            return 1;
        if (markdown is not null)
        {
            markdown.Directory?.Create();
            await File.WriteAllTextAsync(markdown.FullName, Markdown(where, table), ending);
        }

        return 0;
    }

    private static string Markdown(string where, ClusterTable table) => $"""
        # Several nodes

        {where}
        Written by `make bench-cluster`; [docs/performance.md](../../docs/performance.md#several-nodes) says how each figure is measured.
        In brackets: the ratio to one node.

        {table.Nodes.ToMarkdown()}
        ## Starting a node

        {table.Starts.ToMarkdown()}
        ## A node that does not serve the sessions

        {table.Elsewhere.ToMarkdown()}
        """;
}
