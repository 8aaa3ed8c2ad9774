using ErlChat.Web.Assets;
using ErlChat.Web.Bundling;
using ErlChat.Web.Site;

namespace ErlChat.Web.Tests.Bundling;

/// <summary>The bundles of the real scripts, and of a site with a script that cannot be bundled.</summary>
public sealed class SiteBundlesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bundles").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_page_has_a_bundle_that_is_a_module_without_imports()
    {
        var set = AssetSet.Read(SitePaths.OptionsFor([]).WebRootPath!, bundle: true);
        foreach (string page in (string[])["chat", "index", "newcomer", "invitation", "reset", "refused", "password", "operator"])
        {
            PageFiles files = set.FilesOf(page, null);
            Assert.Equal($"bundles/{page}.js", files.Script);
            Assert.Equal(["bundles/site.css"], files.Styles);
            Assert.Equal(page == "chat" ? [] : ["bundles/chat.js"], files.Preloads);
            var bundle = ScriptModule.Parse(files.Script, TextOf(set, files.Script));
            Assert.Empty(bundle.Imports);
            Assert.All(bundle.LazyImports, one => Assert.StartsWith($"bundles/{page}/js/", one.Target, StringComparison.Ordinal));
        }

        Assert.Contains(".message", TextOf(set, "bundles/site.css"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_chat_loads_later_imports_only_what_is_there()
    {
        var set = AssetSet.Read(SitePaths.OptionsFor([]).WebRootPath!, bundle: true);
        var chat = ScriptModule.Parse("bundles/chat.js", TextOf(set, "bundles/chat.js"));
        Assert.Contains("bundles/chat/js/lazy/settingsDialog.js", chat.LazyImports.Select(static one => one.Target));
        var waiting = new Queue<string>(chat.LazyImports.Select(static one => one.Target).Where(static one => !one.EndsWith('/')));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (waiting.TryDequeue(out string? path))
        {
            if (!seen.Add(path))
                continue;
            var module = ScriptModule.Parse(path, TextOf(set, path));
            foreach (ModuleImport import in module.Imports)
            {
                if (import.Target != "bundles/chat.js")
                    waiting.Enqueue(import.Target);
                else
                    Assert.All(import.Bindings, one => Assert.Contains(one.Exported, chat.Exports.Keys));
            }
        }

        Assert.InRange(seen.Count, 10, 100);
    }

    /// <summary>A mistake in a script of their own must not take an operator's chat away.</summary>
    [Fact]
    public async Task If_a_script_cannot_be_bundled_the_log_says_so_and_pages_load_the_modules()
    {
        Write("js/index.js", "import \"./text/a.js\";");
        Write("js/text/a.js", "one();\nimport.meta.url;");
        await using ChatServerHost server = await ChatServerHost.StartAsync(null, builder => builder.Environment.WebRootPath = _folder);
        string page = (await server.Stranger().GetAsync("/")).Body;
        Assert.Contains("/js/index.js\"", page, StringComparison.Ordinal);
        Assert.Contains("/js/text/a.js\"", page, StringComparison.Ordinal);
        Assert.Contains("js/text/a.js:2: import.meta", server.Logs.Of("ScriptsNotBundled")[0].Text, StringComparison.Ordinal);

        Write("js/text/a.js", "one();");
        Assert.Contains("/bundles/index.js\"", (await server.Stranger().GetAsync("/")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_development_pages_load_the_files_themselves()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            null, builder => builder.Environment.EnvironmentName = "Development");
        string page = (await server.Stranger().GetAsync("/chat/")).Body;
        Assert.Contains("/js/chat.js\"", page, StringComparison.Ordinal);
        Assert.Contains("/js/view/row.js\"", page, StringComparison.Ordinal);
        Assert.Contains("/css/messages.css\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("bundles/", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/chat/")]
    public async Task A_page_is_compressed_for_whoever_accepts_it(string path)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometAnswer plain = await server.Stranger().GetAsync(path);
        CometAnswer packed = await server.Stranger().GetAsync(path, headers: ("Accept-Encoding", "gzip"));
        Assert.False(plain.Headers.ContainsKey("Content-Encoding"));
        Assert.Equal("gzip", packed.Headers["Content-Encoding"]);
        Assert.Equal("Accept-Encoding", packed.Headers["Vary"]);
        Assert.Equal("text/html; charset=utf-8", packed.Headers["Content-Type"]);
        Assert.True(LengthOf(packed) < LengthOf(plain) / 2 + 300, $"{LengthOf(packed)} of {LengthOf(plain)} bytes");
        CometAnswer head = await server.Stranger().RequestAsync(HttpMethod.Head, path, null, [("Accept-Encoding", "gzip")]);
        Assert.Equal(packed.Headers["Content-Length"], head.Headers["Content-Length"]);
        Assert.Empty(head.Body);
    }

    private static int LengthOf(CometAnswer answer) =>
        int.Parse(answer.Headers["Content-Length"], System.Globalization.CultureInfo.InvariantCulture);

    private static string TextOf(AssetSet set, string path) => System.Text.Encoding.UTF8.GetString(set.Find(path)!.For(null).Body);

    private void Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
