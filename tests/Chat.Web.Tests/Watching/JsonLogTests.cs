using System.Text.Json;

namespace ErlChat.Web.Tests.Watching;

/// <summary>The server's log as JSON, for a collector that reads it from the console.</summary>
public class JsonLogTests
{
    [Fact]
    public async Task Every_line_is_one_object_with_the_event_name()
    {
        await using WatchedServer server = WatchedServer.Launch(
            "--Log:Kind=Memory",
            "--Metrics:Url=http://127.0.0.1:0",
            "--Logging:Console:FormatterName=json",
            "--Logging:Console:FormatterOptions:TimestampFormat=o");
        await server.ChatAsync();
        JsonElement[] lines = [.. server.Output.Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.True(line.TryGetProperty("Timestamp", out _)));
        JsonElement metrics = Assert.Single(lines, line => line.GetProperty("EventId").GetInt32() == 720);
        Assert.StartsWith("http://127.0.0.1:", metrics.GetProperty("State").GetProperty("Address").GetString(), StringComparison.Ordinal);
    }
}
