using System.Text.Json;

namespace ErlChat.Web.Tests.Nodes;

public class NodesTests
{
    [Theory]
    [InlineData("/nodes")]
    [InlineData("/nodes/")]
    public async Task The_single_node_reports_its_identity_and_its_load(string path)
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync("Peer:Port=0");
        await server.LoginAsync("alice");
        server.Clock.Advance(TimeSpan.FromSeconds(12.34));
        using HttpClient http = server.NewHttp();
        using JsonDocument answer = JsonDocument.Parse(await http.GetStringAsync(path));
        JsonElement node = Assert.Single(answer.RootElement.GetProperty("response").EnumerateArray());
        Assert.Equal("erlchat@" + Environment.MachineName, node.GetProperty("name").GetString());
        Assert.Equal("0.1.0", node.GetProperty("version").GetString());
        Assert.Equal(12.3, node.GetProperty("uptime").GetDouble());
        Assert.Equal((1, 0), (node.GetProperty("sessions").GetInt32(), node.GetProperty("parked").GetInt32()));
    }
}
