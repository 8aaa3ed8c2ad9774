using System.Text.RegularExpressions;
using ErlChat.Health;
using ErlChat.Web.Watching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ErlChat.Web.Tests.Watching;

/// <summary>Where Prometheus can read the server's metrics, and where it cannot.</summary>
public sealed partial class MetricsServerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("erlchat-metrics-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Otherwise anyone on the internet could read how busy a chat is.
    [Fact]
    public async Task There_are_no_metrics_unless_they_are_enabled()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await server.Stranger().GetAsync("/metrics")).Status);
        Assert.Null(AddressOf(server));
        Assert.Null(server.Services.GetService<MeterProvider>());
        Assert.Null(server.Services.GetService<TracerProvider>());
    }

    [Fact]
    public async Task A_separate_address_has_metrics_and_health_and_nothing_of_the_chat()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            "Metrics:Url=http://127.0.0.1:0", "Chat:PublicUrl=http://chat.example");
        using var http = new HttpClient { BaseAddress = AddressOf(server) };
        Assert.NotEqual(server.Port, http.BaseAddress!.Port);
        Assert.Contains("erlchat_sessions", await http.GetStringAsync("/metrics"), StringComparison.Ordinal);
        Assert.Equal("ok\n", await http.GetStringAsync("/healthz"));
        Assert.Equal("ready\n", await http.GetStringAsync("/readyz"));
        foreach (string path in (string[])["/", "/chat/", "/chat/start/", "/nodes", "/metrics/more"])
            Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(path)).StatusCode);
        Assert.Equal(404, (await RawHttp.AskAsync(server, "GET /metrics HTTP/1.1\r\nHost: chat.example\r\n\r\n"))!.Status);
    }

    [Fact]
    public async Task On_the_chats_own_address_metrics_are_served_under_any_name_and_cost_a_probe()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            "Metrics:OnChatPort=true",
            "Chat:PublicUrl=http://chat.example",
            "Limits:Probes:Address:Count=3",
            "Limits:Probes:Address:Window=01:00:00");
        const string request = "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
        for (int i = 0; i < 3; i++)
            Assert.Contains("erlchat_sessions", (await RawHttp.AskAsync(server, request))!.Body, StringComparison.Ordinal);
        Assert.Equal(429, (await RawHttp.AskAsync(server, request))!.Status);
    }

    // A panel that names a metric that does not exist stays empty, and nobody notices until it is needed.
    [Fact]
    public async Task The_dashboard_and_the_alerts_name_only_existing_metrics()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            ["Metrics:Url=http://127.0.0.1:0", .. BusyChat.Options(_folder)]);
        using HttpClient http = server.NewHttp();
        await BusyChat.TalkAsync(http);
        using var scraper = new HttpClient { BaseAddress = AddressOf(server) };
        string[] named = [.. Expressions.OfDashboard().Concat(Expressions.OfRules()).SelectMany(Expressions.MetricsOf)
            .Distinct().Where(name => name != "up")];
        Assert.True(named.Length > 25, $"Only {named.Length} metrics are named.");
        string[] missing = named;
        string text = "";
        for (int i = 0; i < 80 && missing.Length > 0; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(250), TimeProvider.System);
            text = await scraper.GetStringAsync("/metrics");
            missing = [.. named.Except(Sample().Matches(text).Select(match => match.Groups[1].Value))];
        }

        Assert.Empty(missing);

        // The metrics do not say who is logged in, or what is said.
        Assert.DoesNotContain("alice", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("unspeakable", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("127.0.0.1", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_problem_is_a_line_of_readyz_and_a_metric()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync("Metrics:Url=http://127.0.0.1:0");
        bool isBad = false, isWorse = false;
        Conditions conditions = server.Services.GetRequiredService<Conditions>();
        conditions.Watch("z-bad", "something is bad", () => isBad);
        conditions.Watch("a-worse", "something is worse", () => isWorse, refuses: true);
        using var http = new HttpClient { BaseAddress = AddressOf(server) };
        Assert.Equal((200, "ready\n"), await ReadyAsync(server.Address));
        isBad = true;
        Assert.Equal((200, "ready\nz-bad: something is bad\n"), await ReadyAsync(server.Address));
        Assert.Equal((200, "ready\nz-bad: something is bad\n"), await ReadyAsync(AddressOf(server)!));
        isWorse = true;
        Assert.Equal((503, "not ready\na-worse: something is worse\nz-bad: something is bad\n"), await ReadyAsync(server.Address));
        Assert.Contains("condition=\"a-worse\"} 1", await http.GetStringAsync("/metrics"), StringComparison.Ordinal);
        isBad = isWorse = false;
        Assert.Equal((200, "ready\n"), await ReadyAsync(server.Address));
    }

    internal static Uri? AddressOf(ChatServerHost server) =>
        server.Services.GetServices<IHostedService>().OfType<MetricsServer>().Single().Address;

    private static async Task<(int Status, string Text)> ReadyAsync(Uri address)
    {
        using var http = new HttpClient { BaseAddress = address };
        using HttpResponseMessage answer = await http.GetAsync("/readyz");
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    [GeneratedRegex(@"^([a-z_0-9]+)[{ ]", RegexOptions.Multiline)]
    private static partial Regex Sample();
}
