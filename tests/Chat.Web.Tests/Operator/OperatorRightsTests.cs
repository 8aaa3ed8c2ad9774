using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ErlChat.Web.Tests.Operator;

/// <summary>Who may see the operator's page, and make its calls.</summary>
public sealed class OperatorRightsTests
{
    private const string Secret = "demopass";

    // The test enumerates the routes, so that it covers every call and not only those it names.
    [Fact]
    public async Task Every_call_is_for_administrators_only_and_checks_each_time()
    {
        await using ChatServerHost server = await StartAsync();
        CometClient admin = await server.LoginAdminAsync("boss");
        CometClient bob = await server.LoginAsync("bob");
        (string Method, string Path)[] calls = [.. CallsOf(server)];
        string[] known =
        [
            "server", "sessions", "rooms", "bans", "mutes", "acts", "settings", "backup", "backup/cancel", "unban", "unmute", "announce",
            "admins", "grant", "revoke",
        ];
        Assert.Superset(known.Select(name => "/admin/" + name).ToHashSet(), calls.Select(call => call.Path).ToHashSet());
        string before = server.Picture();
        foreach ((string method, string path) in calls)
        {
            await RefusedAsync(server.Stranger(), method, path, "bad_session");
            await RefusedAsync(bob, method, path, "not_allowed");
        }

        Assert.Equal(before, server.Picture());
        foreach ((string method, string path) in calls)
            Assert.NotEqual(HttpStatusCode.Forbidden, (await CallAsync(admin, method, path)).Status);

        // The right may be lost a moment later, while the page is still open.
        await admin.SendAsync("/admin logout");
        foreach ((string method, string path) in calls)
            await RefusedAsync(admin, method, path, "not_allowed");
        await admin.LeaveAsync();
        foreach ((string method, string path) in calls)
            await RefusedAsync(admin, method, path, "bad_session");
    }

    [Fact]
    public async Task Every_change_is_a_POST_that_no_other_site_can_send()
    {
        await using ChatServerHost server = await StartAsync("Chat:AllowedOrigins:0=https://friend.example");
        CometClient admin = await server.LoginAdminAsync("boss");
        string before = server.Picture();
        foreach ((string method, string path) in CallsOf(server))
        {
            if (method == "POST")
            {
                // This includes an origin that may use the chat: sending messages for a user does not include giving orders to the server.
                foreach (string origin in (string[])["https://evil.example", "https://friend.example"])
                {
                    CometAnswer answer = await CallAsync(admin, method, path, ("Sec-Fetch-Site", "cross-site"), ("Origin", origin));
                    Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
                    Assert.Equal("cross_site", answer.Error);
                    Assert.Equal("cross_site", (await CallAsync(admin, method, path, ("Origin", origin))).Error);
                }
            }
            else
            {
                CometAnswer answer = await CallAsync(admin, method, path, ("Origin", "https://friend.example"));
                Assert.False(answer.Headers.ContainsKey("Access-Control-Allow-Origin"), $"{path} can be read by pages elsewhere");
            }
        }

        Assert.Equal(before, server.Picture());
    }

    [Fact]
    public async Task Reading_writes_nothing()
    {
        await using ChatServerHost server = await StartAsync();
        CometClient admin = await server.LoginAdminAsync("boss");
        long head = server.Office.Head;
        foreach ((string method, string path) in CallsOf(server).Where(call => call is { Method: "GET", Path: not "/admin/export" }))
            Assert.True((await CallAsync(admin, method, path)).IsOk, path);
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(admin, "GET", "/admin/export?nick=boss")).Status);
        Assert.Equal(head, server.Office.Head);
    }

    /// <summary>Previously, the page asked for a password that could not be right, and said why only after a try.</summary>
    [Fact]
    public async Task A_server_without_a_password_says_so_instead_of_asking()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometAnswer page = await (await server.LoginAsync("bob")).GetAsync("/admin/");
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("Administration is switched off on this server", page.Body, StringComparison.Ordinal);
        Assert.Contains("make admin-password", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"ask\"", page.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/talk")]
    public async Task Only_administrators_can_see_the_page_and_what_is_on_it(string path)
    {
        await using ChatServerHost server = await StartAsync("Chat:PathBase=" + path);
        CometClient stranger = server.Stranger();
        CometAnswer nobody = await stranger.GetAsync(path + "/admin/");
        Assert.Equal(HttpStatusCode.Redirect, nobody.Status);
        Assert.Equal(path + "/?to=admin", nobody.Headers["Location"]);

        // The login leads back to the page, and nowhere else.
        const string back = "name=\"to\" value=\"admin\"";
        Assert.Contains(back, (await stranger.GetAsync(path + "/?to=admin")).Body, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"to\"", (await stranger.GetAsync(path + "/?to=//evil.example")).Body, StringComparison.Ordinal);
        CometAnswer refused = await stranger.PostAsync(path + "/login/", ("nick", "!!"), ("to", "admin"));
        Assert.Contains(back, refused.Body, StringComparison.Ordinal);
        CometAnswer elsewhere = await stranger.PostAsync(path + "/login/", ("nick", "carl"), ("to", "//evil.example"));
        Assert.Equal(path + "/chat/", elsewhere.Headers["Location"]);
        CometClient bob = server.Stranger("bob");
        CometAnswer login = await bob.PostAsync(path + "/login/", ("nick", "bob"), ("to", "admin"));
        Assert.Equal(path + "/admin/", login.Headers["Location"]);
        bob.Token = login.Token;

        CometAnswer asked = await bob.GetAsync(path + "/admin");
        Assert.Equal(HttpStatusCode.OK, asked.Status);
        Assert.Equal("no-store", asked.Headers["Cache-Control"]);
        Assert.Contains("/bundles/password.js\"", asked.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("backup", asked.Body, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("operator.js", asked.Body, StringComparison.Ordinal);
        Assert.True((await bob.PostAsync(path + "/chat/auth/", ("password", Secret))).IsOk);
        CometAnswer page = await bob.GetAsync(path + "/admin/");
        Assert.Contains("/bundles/operator.js\"", page.Body, StringComparison.Ordinal);
        Assert.Equal("no-store", page.Headers["Cache-Control"]);
        Assert.DoesNotMatch("<script(?![^>]*\\ssrc=)[^>]*>", page.Body);
        Assert.DoesNotMatch("\\s(style|on[a-z]+)=", page.Body);
        foreach (Match match in Regex.Matches(page.Body, "(?:src|href)=\"(/[^\"]*\\.[a-z]+)\""))
        {
            string file = match.Groups[1].Value;
            Assert.StartsWith(path + "/assets/", file, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, (await stranger.GetAsync(file)).Status);
        }
    }

    private static Task<ChatServerHost> StartAsync(params string[] options) =>
        ChatServerHost.StartAsync([.. ChatServerHost.NoLimits, "Chat:AdminPassword=" + Secret, .. options]);

    private static IEnumerable<(string Method, string Path)> CallsOf(ChatServerHost server) =>
        from route in server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let path = "/" + route.RoutePattern.RawText!.Trim('/')
        where path.StartsWith("/admin/", StringComparison.Ordinal)
        from method in route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
        select (method, path);

    private static Task<CometAnswer> CallAsync(CometClient who, string method, string path, params (string, string)[] headers)
    {
        ByteArrayContent? form = method == "POST" ? CometClient.Form(("text", "hello"), ("host", "192.0.2.1"), ("nick", "bob")) : null;
        return who.RequestAsync(new HttpMethod(method), path, form, headers);
    }

    private static async Task RefusedAsync(CometClient who, string method, string path, string error)
    {
        CometAnswer answer = await CallAsync(who, method, path);
        Assert.True(answer.Status == HttpStatusCode.Forbidden && answer.Error == error, $"{method} {path}: {answer.Status} {answer.Body}");
    }
}
