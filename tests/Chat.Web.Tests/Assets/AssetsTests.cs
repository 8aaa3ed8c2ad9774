using ErlChat.Web.Assets;

namespace ErlChat.Web.Tests.Assets;

/// <summary>Static files with fingerprints and compression, which can be edited while the server runs.</summary>
public sealed class AssetsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("assets").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Any_change_changes_every_address_and_without_a_change_none_changes()
    {
        Write("js/a.js", "one();");
        Write("css/b.css", "a { }");
        string first = AssetSet.Read(_folder, bundle: false).Version;
        Assert.Equal(first, AssetSet.Read(_folder, bundle: false).Version);
        Write("css/b.css", "b { }");
        string second = AssetSet.Read(_folder, bundle: false).Version;
        Assert.NotEqual(first, second);

        // The same bytes under another name also make a different site.
        File.Move(Path.Combine(_folder, "css", "b.css"), Path.Combine(_folder, "css", "c.css"));
        Assert.NotEqual(second, AssetSet.Read(_folder, bundle: false).Version);
    }

    [Fact]
    public void Modules_are_listed_but_not_page_scripts_and_other_languages()
    {
        Write("js/chat.js", "");
        Write("js/view/row.js", "");
        Write("js/lazy/dialog.js", "");
        Write("js/languages/en.js", "");
        Write("js/languages/de.js", "");
        Assert.Equal(["js/languages/en.js", "js/view/row.js"], AssetSet.Read(_folder, bundle: false).FilesOf("chat", null).Preloads);
    }

    [Fact]
    public async Task The_next_page_gets_an_edited_file_and_an_old_page_still_gets_its_files()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(null, builder => builder.Environment.WebRootPath = _folder);
        Write("js/chat.js", "first();");
        Write("js/index.js", "");
        string first = await PrefixAsync(server);
        CometClient stranger = server.Stranger();
        Assert.Equal("first();", (await stranger.GetAsync(first + "/js/chat.js")).Body);

        Write("js/chat.js", "second();!");
        string second = await PrefixAsync(server);
        Assert.NotEqual(first, second);
        Assert.Equal("second();!", (await stranger.GetAsync(second + "/js/chat.js")).Body);
        CometAnswer old = await stranger.GetAsync(first + "/js/chat.js");
        Assert.Equal("second();!", old.Body);
        Assert.Equal("no-store", old.Headers["Cache-Control"]);
    }

    [Theory]
    [InlineData("br", "br")]
    [InlineData("gzip, deflate, br, zstd", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("br;q=0, gzip;q=0.5", "gzip")]
    [InlineData("identity", null)]
    [InlineData("", null)]
    public async Task A_client_gets_the_encoding_that_it_accepts(string accepted, string? encoding)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        string path = await PrefixAsync(server) + "/js/chat.js";
        CometAnswer answer = await server.Stranger().GetAsync(path, headers: ("Accept-Encoding", accepted));
        Assert.Equal(encoding, answer.Headers.GetValueOrDefault("Content-Encoding"));
        Assert.Equal("Accept-Encoding", answer.Headers["Vary"]);
        Assert.StartsWith("text/javascript", answer.Headers["Content-Type"], StringComparison.Ordinal);
        CometAnswer head = await server.Stranger().RequestAsync(HttpMethod.Head, path, null, [("Accept-Encoding", accepted)]);
        Assert.Equal(answer.Headers["Content-Length"], head.Headers["Content-Length"]);
        Assert.Empty(head.Body);
    }

    [Theory]
    [InlineData("/js/nothing.js")]
    [InlineData("/")]
    [InlineData("/../appsettings.json")]
    [InlineData("/..%2f..%2fappsettings.json")]
    public async Task Only_the_files_are_served(string path)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        RawAnswer? answer = await RawHttp.AskAsync(
            server, $"GET {await PrefixAsync(server)}{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        Assert.Equal(404, answer!.Status);
    }

    private static async Task<string> PrefixAsync(ChatServerHost server) =>
        System.Text.RegularExpressions.Regex.Match((await server.Stranger().GetAsync("/chat/")).Body, "/assets/[0-9a-f]{12}").Value;

    private void Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
