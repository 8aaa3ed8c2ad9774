using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;

namespace ErlChat.Web.Tests.Watching;

/// <summary>Debian's Prometheus scrapes a real server, and finds what the dashboard and the alert rules query.</summary>
[Trait("Category", "Deploy")]
public sealed class PrometheusTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("erlchat-prometheus-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Examples => Path.Combine(Expressions.Folder, "prometheus");

    [Theory]
    [InlineData("check", "rules", "erlchat.rules.yml")]
    [InlineData("test", "rules", "erlchat.rules.test.yml")]
    [InlineData("check", "config", "prometheus.yml")]
    public async Task Promtool_accepts_the_configuration_and_the_rules(string verb, string what, string file)
    {
        using Process promtool = Start("promtool", verb, what, Path.Combine(Examples, file));
        string output = await promtool.StandardOutput.ReadToEndAsync().WithinAsync(TimeSpan.FromSeconds(60))
            + await promtool.StandardError.ReadToEndAsync().WithinAsync();
        await promtool.WaitForExitAsync().WithinAsync();
        Assert.True(promtool.ExitCode == 0, output);
    }

    [Fact]
    public async Task Every_query_of_the_dashboard_and_the_alerts_finds_data()
    {
        await using WatchedServer server = WatchedServer.Launch(
            ["--Metrics:Url=http://127.0.0.1:0", .. BusyChat.Options(_folder).Select(option => "--" + option)]);
        Uri metrics = await server.MetricsAsync();
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
        {
            BaseAddress = await server.ChatAsync(),
        };
        int port = FreePort();
        using Process prometheus = Start(
            "prometheus",
            $"--config.file={await ConfigureAsync(metrics)}",
            $"--storage.tsdb.path={Path.Combine(_folder, "tsdb")}",
            $"--web.listen-address=127.0.0.1:{port}");
        try
        {
            // Nothing uses this output, but the process must not block on it.
            prometheus.BeginErrorReadLine();
            prometheus.BeginOutputReadLine();
            using var asking = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            await Eventually.BeTrueAsync(() => Count(asking, "up{job=\"erlchat\"} == 1") == 1, TimeSpan.FromSeconds(60));
            await BusyChat.TalkAsync(http);
            string[] asked = [.. Expressions.OfDashboard(), .. Expressions.OfRules().SelectMany(Expressions.MetricsOf).Distinct()];
            Assert.True(asked.Length > 40, $"Only {asked.Length} expressions.");
            foreach (string expression in asked)
                await Eventually.BeTrueAsync(() => Count(asking, expression) > 0, TimeSpan.FromSeconds(60), $"data for {expression}");
            foreach (string expression in Expressions.OfRules())
                Assert.True(Count(asking, expression) >= 0, expression);

            // The rules are evaluated without an error, and none fires for a healthy server.
            JsonElement[] rules = [];
            await Eventually.BeTrueAsync(
                () =>
                {
                    rules = [.. Ask(asking, "/api/v1/rules").GetProperty("groups").EnumerateArray()
                        .SelectMany(group => group.GetProperty("rules").EnumerateArray())];
                    return rules.Length > 0 && rules.All(rule => rule.GetProperty("health").GetString() == "ok");
                },
                TimeSpan.FromSeconds(60));
            Assert.Equal(Expressions.OfRules().Count, rules.Length);
            Assert.DoesNotContain(rules, rule => rule.GetProperty("state").GetString() == "firing");
        }
        finally
        {
            prometheus.Kill();
            await prometheus.WaitForExitAsync().WithinAsync();
        }
    }

    /// <summary>The example's configuration, with this server's address and shorter intervals.</summary>
    private async Task<string> ConfigureAsync(Uri metrics)
    {
        string text = await File.ReadAllTextAsync(Path.Combine(Examples, "prometheus.yml"));
        string path = Path.Combine(_folder, "prometheus.yml");
        await File.WriteAllTextAsync(path, text
            .Replace("127.0.0.1:9464", metrics.Authority, StringComparison.Ordinal)
            .Replace("15s", "1s", StringComparison.Ordinal)
            .Replace("erlchat.rules.yml", Expressions.Rules, StringComparison.Ordinal));
        return path;
    }

    /// <summary>How many series an expression returns.</summary>
    private static int Count(HttpClient http, string expression)
    {
        try
        {
            return Ask(http, $"/api/v1/query?query={Uri.EscapeDataString(expression)}").GetProperty("result").GetArrayLength();
        }
        catch (HttpRequestException)
        {
            // Prometheus is not listening yet.
            return -1;
        }
    }

    private static JsonElement Ask(HttpClient http, string path)
    {
        using HttpResponseMessage answer = http.GetAsync(path).GetAwaiter().GetResult();
        string text = answer.Content.ReadAsStringAsync().GetAwaiter().GetResult();
        if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
            throw new HttpRequestException(text);
        JsonElement root = JsonDocument.Parse(text).RootElement;
        Assert.True(root.GetProperty("status").GetString() == "success", $"{path}: {text}");
        return root.GetProperty("data");
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static Process Start(string program, params string[] args)
    {
        string path = Path.Combine("/usr/bin", program);
        Assert.True(File.Exists(path), $"{path} is missing: apt-get install prometheus.");
        return Process.Start(new ProcessStartInfo(path, args) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }
}
