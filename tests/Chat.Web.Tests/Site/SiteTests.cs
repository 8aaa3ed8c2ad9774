namespace ErlChat.Web.Tests.Site;

/// <summary>Pages, static files, health, and the headers that every answer has for browsers.</summary>
public class SiteTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/chat/")]
    [InlineData("/chat")]
    public async Task The_pages_read_no_cookie_and_have_nothing_inline(string path)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometAnswer page = await server.Stranger().GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Equal("text/html; charset=utf-8", page.Headers["Content-Type"]);
        Assert.StartsWith("<!doctype html>", page.Body.TrimStart(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch("<script(?![^>]*\\ssrc=)[^>]*>", page.Body);
        Assert.DoesNotContain("<style", page.Body, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch("\\s(style|on[a-z]+)=", page.Body);
        CometAnswer head = await server.Stranger().RequestAsync(HttpMethod.Head, path, null, []);
        Assert.Equal(HttpStatusCode.OK, head.Status);
        Assert.Empty(head.Body);
    }

    [Fact]
    public async Task Everything_the_pages_link_to_exists_and_is_cached_for_ever_under_its_fingerprint()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient stranger = server.Stranger();
        string both = (await stranger.GetAsync("/")).Body + (await stranger.GetAsync("/chat/")).Body;
        string[] files = [.. System.Text.RegularExpressions.Regex.Matches(both, "(?:src|href)=\"(/[^\"/][^\"]*\\.[a-z]+)\"")
            .Select(match => match.Groups[1].Value).Distinct()];
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            Assert.Matches("^/assets/[0-9a-f]{12}/", file);
            CometAnswer answer = await stranger.GetAsync(file);
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.Equal("max-age=31536000, immutable", answer.Headers["Cache-Control"]);
            Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
        }
    }

    [Fact]
    public async Task A_file_is_revalidated_at_its_address_without_a_fingerprint()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient stranger = server.Stranger();
        CometAnswer answer = await stranger.GetAsync("/favicon.svg");
        Assert.Equal("no-cache", answer.Headers["Cache-Control"]);
        CometAnswer again = await stranger.GetAsync("/favicon.svg", headers: ("If-None-Match", answer.Headers["ETag"]));
        Assert.Equal(HttpStatusCode.NotModified, again.Status);
        CometAnswer since = await stranger.GetAsync("/favicon.svg", headers: ("If-Modified-Since", answer.Headers["Last-Modified"]));
        Assert.Equal(HttpStatusCode.NotModified, since.Status);
    }

    [Theory]
    [InlineData("/../appsettings.json")]
    [InlineData("/%2e%2e/appsettings.json")]
    [InlineData("/..%2fappsettings.json")]
    [InlineData("/js/..%5c..%5cappsettings.json")]
    [InlineData("/js/../../appsettings.json")]
    [InlineData("/templates/index.html")]
    [InlineData("/appsettings.json")]
    [InlineData("/js/")]
    public async Task Only_the_static_files_are_served(string path)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        RawAnswer? answer = await RawHttp.AskAsync(server, $"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        Assert.True(answer!.Status is 404 or 400, $"{answer.Status}");
    }

    [Fact]
    public async Task Health_and_readiness_need_no_session()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        Assert.Equal("ok\n", (await server.Stranger().GetAsync("/healthz")).Body);
        CometAnswer ready = await server.Stranger().GetAsync("/readyz");
        Assert.Equal("ready\n", ready.Body);
        Assert.StartsWith("text/plain", ready.Headers["Content-Type"], StringComparison.Ordinal);
        server.Office.StopAdmitting();
        CometAnswer stopping = await server.Stranger().GetAsync("/readyz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, stopping.Status);
        Assert.Equal("stopping\n", stopping.Body);
        Assert.Equal(HttpStatusCode.OK, (await server.Stranger().GetAsync("/healthz")).Status);
    }

    [Theory]
    [InlineData("GET", "/", null)]
    [InlineData("GET", "/chat/", null)]
    [InlineData("GET", "/chat/start/", null)]
    [InlineData("GET", "/chat/wait/?msg_id=0", null)]
    [InlineData("GET", "/favicon.svg", null)]
    [InlineData("GET", "/nothing", null)]
    [InlineData("PUT", "/chat/start/", null)]
    [InlineData("GET", "/healthz", null)]
    [InlineData("POST", "/chat/send_msg/", "text/plain")]
    [InlineData("POST", "/login/", "text/plain")]
    [InlineData("POST", "/login/", "application/x-www-form-urlencoded")]
    public async Task Every_answer_carries_the_security_headers(string method, string path, string? type)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        ByteArrayContent? content = type is null ? null : new ByteArrayContent("nick=!!"u8.ToArray());
        content?.Headers.TryAddWithoutValidation("Content-Type", type);
        AssertHeaders(await server.Stranger().RequestAsync(new HttpMethod(method), path, content, []));
    }

    [Fact]
    public async Task A_login_and_a_refusal_of_another_site_carry_them_too()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        AssertHeaders(await server.Stranger().LoginAsync("alice"));
        AssertHeaders(await server.Stranger().LoginAsync("bob", ("Origin", "https://evil.example")));
    }

    private static void AssertHeaders(CometAnswer answer)
    {
        string policy = answer.Headers["Content-Security-Policy"];
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
        Assert.Equal("same-origin", answer.Headers["Referrer-Policy"]);
        Assert.False(answer.Headers.ContainsKey("Server"));
    }
}
