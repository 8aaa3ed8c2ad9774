namespace ErlChat.Web.Tests.Origins;

/// <summary>
/// A user who sees the refusal gets a page that says what is wrong and which option would help. A program gets the envelope.
/// </summary>
public class RefusalPageTests
{
    [Theory]
    [InlineData("https://evil.example", "https://evil.example", "Chat:AllowedOrigins=https://evil.example")]
    [InlineData("https://chat.lan", "https://chat.lan", "Chat:PublicUrl")]
    [InlineData("null", "Origin: null", "Referrer-Policy")]
    [InlineData("\"><script>alert(1)</script>", "another site", "Chat:TrustedProxies")]
    public async Task A_form_from_elsewhere_gets_a_page(string origin, string said, string option)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometAnswer answer = await server.Stranger().LoginAsync(
            "alice", ("Host", "chat.lan"), ("Origin", origin), ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8"));
        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Equal("text/html; charset=utf-8", answer.Headers["Content-Type"]);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        string shown = WebUtility.HtmlDecode(answer.Body);
        Assert.Contains(said, shown, StringComparison.Ordinal);
        Assert.Contains(option, shown, StringComparison.Ordinal);
        Assert.Contains("/bundles/site.css", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", answer.Body, StringComparison.Ordinal);
        Assert.Null(answer.Token);
    }

    [Theory]
    [InlineData("Sec-Fetch-Dest", "document", true)]
    [InlineData("Sec-Fetch-Dest", "empty", false)]
    [InlineData("Sec-Fetch-Dest", "image", false)]
    [InlineData("X-Requested-With", "XMLHttpRequest", false)]
    [InlineData("X-Other", "x", true)]
    public async Task Only_a_navigation_gets_the_page(string header, string value, bool page)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometAnswer answer = await server.Stranger().GetAsync(
            "/chat/leave/", headers: [("Referer", "http://evil.example/"), ("Accept", "text/javascript, text/html, */*"), (header, value)]);
        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Equal(page ? null : "cross_site", answer.Error);
        Assert.Equal(page, answer.Body.StartsWith("<!doctype html>", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_typed_log_out_address_explains_how_to_log_out()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometAnswer answer = await server.Stranger().GetAsync(
            "/chat/leave/", headers: [("User-Agent", "Mozilla/5.0"), ("Accept", "text/html")]);
        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Contains("use its button", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/html,*/*;q=0.8", true)]
    [InlineData("*/*", false)]
    public async Task An_unknown_address_gets_a_page_with_a_link_to_the_chat_in_a_browser_only(string accept, bool page)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometAnswer answer = await server.Stranger().GetAsync("/nothing", headers: [("Accept", accept)]);
        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Equal(page, answer.Body.Contains("There is no page at this address.", StringComparison.Ordinal));
        Assert.Equal(page, answer.Body.Contains("<a href=\"/\"", StringComparison.Ordinal));
        Assert.DoesNotContain("For the operator", answer.Body, StringComparison.Ordinal);
        if (!page)
            Assert.Empty(answer.Body);
    }
}
