using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;

namespace ErlChat.Benchmarks.Support;

/// <summary>
/// Writes the figures of each benchmark class to a separate page, together with the machine and the commit, without which figures mean
/// nothing. Create it before the run.
/// </summary>
internal sealed class Results
{
    private readonly string _commit = Repository.Commit();
    private readonly string _loadBefore = Load();

    /// <summary>Writes the pages of the classes that were measured. Returns false if a class was not measured completely.</summary>
    internal bool Write(IEnumerable<Summary> summaries)
    {
        string folder = Path.Combine(Repository.Root, "bench", "results", "micro");
        Directory.CreateDirectory(folder);
        string conditions = $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC, commit {_commit}, .NET {Environment.Version}, "
            + $"{Environment.ProcessorCount} cores ({Processor()}); "
            + $"load average {_loadBefore} before, {Load()} after, the benchmarks' own included.";
        bool whole = true;
        foreach (Summary summary in summaries)
        {
            if (summary.HasCriticalValidationErrors || summary.Reports.IsEmpty || summary.Reports.Any(report => !report.Success))
                whole = false;
            else
                Write(folder, summary, conditions);
        }

        return whole;
    }

    private static void Write(string folder, Summary summary, string conditions)
    {
        string type = summary.BenchmarksCases[0].Descriptor.Type.Name;
        string name = type.Replace("Benchmarks", "", StringComparison.Ordinal);
        using var page = new StreamWriter(Path.Combine(folder, name.ToLowerInvariant() + ".md"));
        page.NewLine = "\n";
        page.Write($"# {name}\n\n{conditions}\nWhat is measured: [{type}.cs](../../Chat.Benchmarks/{type}.cs).\n");
        MarkdownExporter.GitHub.ExportToLog(summary, new StreamLogger(page));
    }

    /// <summary>The load average over the last minute.</summary>
    private static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

    private static string Processor()
    {
        string? line = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(one => one.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line is null ? "unknown" : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
