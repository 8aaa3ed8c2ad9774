using System.Text.Json;
using System.Text.RegularExpressions;

namespace ErlChat.Web.Tests.Watching;

/// <summary>The queries of the dashboard and the alert rules.</summary>
internal static partial class Expressions
{
    internal static string Folder { get; } = FindFolder();

    internal static string Rules => Path.Combine(Folder, "prometheus", "erlchat.rules.yml");

    /// <summary>The queries of the dashboard, with its variables filled in.</summary>
    internal static IReadOnlyList<string> OfDashboard()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "grafana", "erlchat.json")));
        return
        [
            .. dashboard.RootElement.GetProperty("panels").EnumerateArray()
                .Where(panel => panel.TryGetProperty("targets", out _))
                .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
                .Select(target => target.GetProperty("expr").GetString()!
                    .Replace("$__rate_interval", "1m", StringComparison.Ordinal)
                    .Replace("$instance", ".*", StringComparison.Ordinal)),
        ];
    }

    /// <summary>The queries of the alert rules.</summary>
    internal static IReadOnlyList<string> OfRules() =>
        [
            .. File.ReadLines(Rules)
                .Select(line => line.Trim())
                .Where(line => line.StartsWith("expr: ", StringComparison.Ordinal))
                .Select(line => line[6..]),
        ];

    /// <summary>The metrics that an expression names.</summary>
    internal static IEnumerable<string> MetricsOf(string expression) => Metric().Matches(expression).Select(match => match.Value);

    private static string FindFolder()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ErlChat.sln")))
            folder = folder.Parent!;
        return Path.Combine(folder.FullName, "deploy");
    }

    [GeneratedRegex(@"\b(erlchat|dotnet|http_server)_\w+|\bup\b")]
    private static partial Regex Metric();
}
