namespace ErlChat.Deploy.Packages;

/// <summary>A published server is a folder that works in any location and when started from any folder.</summary>
public sealed class PublishTests(Site site)
{
    /// <summary>
    /// Previously, a server served the pages that it found above the folder in which it was started, such as those of a checkout.
    /// </summary>
    [Fact]
    public async Task The_server_starts_from_another_folder_with_its_own_pages_and_without_dotnet()
    {
        string published = await site.PublishedAsync();
        foreach (string file in (string[])["templates/layout.html", "wwwroot/js/chat.js", "appsettings.json", "libcoreclr.so"])
            Assert.True(File.Exists(Path.Combine(published, file)), file);
        string elsewhere = Path.Combine(site.Folder, "elsewhere");
        Directory.CreateDirectory(Path.Combine(elsewhere, "wwwroot"));
        Directory.CreateDirectory(Path.Combine(elsewhere, "templates"));
        int port = Ports.Free();
        string database = Path.Combine(site.Folder, "published", "chat.db");
        string[] command =
        [
            Path.Combine(published, "Chat.Web"), "--urls", $"http://127.0.0.1:{port}", "--Peer:Port=0", "--Log:Path", database,
        ];
        await using Running server = Running.Start(command, elsewhere, ("PATH", "/nothing:/usr/bin"), ("DOTNET_ROOT", "/nothing"));
        using var alice = new Visitor($"http://localhost:{port}", port);
        await server.UntilAsync(() => ServerChecks.IsReadyAsync(alice), "the server is ready");
        using HttpResponseMessage page = await alice.GetAsync("/");
        Assert.Contains("Enter the chat", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await alice.EnterAsync("alice");
        Assert.Equal(0, await server.StopAsync());
        Assert.True(File.Exists(database));
    }
}
