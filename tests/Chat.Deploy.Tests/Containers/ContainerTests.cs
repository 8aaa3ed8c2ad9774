using System.Text.Json;

namespace ErlChat.Deploy.Containers;

/// <summary>The Dockerfile builds an image, which contains a chat that needs no privileges.</summary>
public sealed class ContainerTests(Site site, ITestOutputHelper output)
{
    private const string Image = "localhost/erlchat";

    [Fact]
    public async Task The_image_is_built_and_serves_without_being_root()
    {
        var images = new Images(site);
        (string baseImage, string sdk) = await images.BaseAsync();
        await images.BuildAsync(Image, baseImage, sdk);

        using JsonDocument image = JsonDocument.Parse(await images.InspectAsync(Image));
        JsonElement docker = image.RootElement.GetProperty("Docker").GetProperty("config");
        Assert.Equal("10001:10001", docker.GetProperty("User").GetString());
        Assert.Contains("/readyz", docker.GetProperty("Healthcheck").GetRawText(), StringComparison.Ordinal);
        string[] entry = [.. docker.GetProperty("Entrypoint").EnumerateArray().Select(one => one.GetString()!)];
        Assert.Equal(["/usr/lib/erlchat/Chat.Web"], entry);

        string container = await images.NewContainerAsync(Image);
        int port = Ports.Free();
        await using Running server = Running.Start(images.Command(container, [.. entry, "--urls", $"http://127.0.0.1:{port}"]));
        using var alice = new Visitor($"http://localhost:{port}", port);
        await server.UntilAsync(() => ServerChecks.IsReadyAsync(alice), "the server is ready");
        await alice.EnterAsync("alice");
        await alice.SayAsync("from a container");

        // The same as the container's health check does.
        (int code, string said) = await images.TryAsync(container, "curl", "--silent", "--fail", $"http://127.0.0.1:{port}/readyz");
        Assert.True(code == 0 && said.Contains("ready", StringComparison.Ordinal), said);
        (_, string owner) = await images.TryAsync(container, "stat", "-c", "%u %a", "/data/chat.db");
        Assert.Equal("10001 600", owner.Trim());
        output.WriteLine(server.Said);
    }
}
