using System.Text.Json;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Tests.Oidc;

/// <summary>Logging in with an account at a provider, against a real one (<see cref="IdentityProvider"/>).</summary>
public sealed class OidcTests
{
    [Fact]
    public async Task Somebody_new_chooses_a_nick_and_comes_back_to_it_on_every_device()
    {
        await using IdentityProvider provider = await IdentityProvider.StartAsync();
        await using ChatServerHost server = await StartAsync(provider, "Chat:Guests=None");
        using var laptop = new Browser(server);
        Assert.Contains("href=\"/login/oidc/\">Log in with the office</a>", await laptop.ShowAsync("/"), StringComparison.Ordinal);
        string asked = await laptop.ShowAsync("/login/oidc/");
        Assert.Contains("value=\"ada\"", asked, StringComparison.Ordinal);
        Assert.Equal(0, server.Room.SessionCount);
        Assert.Contains("must be alphanumeric", await laptop.ChooseAsync(" "), StringComparison.Ordinal);
        Assert.Contains("is not available", await laptop.ChooseAsync("admin"), StringComparison.Ordinal);
        await laptop.ChooseAsync("lovelace");
        Assert.Equal("/chat/", laptop.Path);
        JsonElement me = await laptop.MeAsync();
        Assert.Equal(("lovelace", true), (me.GetProperty("nick").GetString(), me.GetProperty("member").GetBoolean()));

        // The provider may rename and readdress its people. Who they are is the subject.
        provider.Name = "countess@example.org";
        using var phone = new Browser(server);
        await phone.ShowAsync("/login/oidc/");
        Assert.Equal("/chat/", phone.Path);
        Assert.Equal(me.GetProperty("user_id").GetString(), (await phone.MeAsync()).GetProperty("user_id").GetString());
        Assert.Equal(2, (await phone.CallAsync("/chat/devices/")).GetArrayLength());

        provider.Subject = "4712";
        using var other = new Browser(server);
        Assert.Contains("value=\"countess\"", await other.ShowAsync("/login/oidc/"), StringComparison.Ordinal);
        Assert.Contains("is not available", await other.ChooseAsync("lovelace"), StringComparison.Ordinal);
        await other.ChooseAsync("byron");
        Assert.NotEqual(me.GetProperty("user_id").GetString(), (await other.MeAsync()).GetProperty("user_id").GetString());
        Assert.Equal(2, server.Room.MemberCount);
    }

    /// <summary>Otherwise, cookies pile up in browsers with every login.</summary>
    [Fact]
    public async Task What_the_browser_kept_during_a_login_is_removed_when_it_ends()
    {
        await using IdentityProvider provider = await IdentityProvider.StartAsync();
        await using ChatServerHost server = await StartAsync(provider);
        using var first = new Browser(server);
        await first.ShowAsync("/login/oidc/");
        await first.ChooseAsync("ada");
        using var again = new Browser(server) { Follows = false };
        await again.ShowAsync("/login/oidc/");
        await again.ShowAsync(again.Location!);
        await again.ShowAsync(again.Location!);
        Assert.EndsWith("/chat/", again.Location, StringComparison.Ordinal);
        Assert.Single(again.Cookies, static cookie => cookie.StartsWith("chat_sess=", StringComparison.Ordinal));
        foreach (string name in (string[])[".AspNetCore.Correlation.", ".AspNetCore.OpenIdConnect.Nonce."])
        {
            string removed = Assert.Single(again.Cookies, cookie => cookie.StartsWith(name, StringComparison.Ordinal));
            Assert.Contains("expires=Thu, 01 Jan 1970", removed, StringComparison.Ordinal);
        }
    }

    /// <summary>The nick is a suggestion, in whatever script the provider has the name.</summary>
    [Theory]
    [InlineData("ада@example.org", "ада")]
    [InlineData("Jürgen Müller", "JürgenMüller")]
    [InlineData("a-b", "ab")]
    [InlineData("aда", "a")]
    [InlineData("!?", "")]
    public async Task The_name_at_the_provider_is_suggested_as_far_as_it_can_be_a_nick(string name, string nick)
    {
        await using IdentityProvider provider = await IdentityProvider.StartAsync();
        provider.Name = name;
        await using ChatServerHost server = await StartAsync(provider);
        using var browser = new Browser(server);
        Assert.Contains($" value=\"{nick}\"", WebUtility.HtmlDecode(await browser.ShowAsync("/login/oidc/")), StringComparison.Ordinal);
    }

    /// <summary>Otherwise, whoever knows a nick could log in without the provider.</summary>
    [Fact]
    public async Task A_member_without_a_password_cannot_log_in_with_one()
    {
        await using IdentityProvider provider = await IdentityProvider.StartAsync();
        await using ChatServerHost server = await StartAsync(provider);
        using var browser = new Browser(server);
        await browser.ShowAsync("/login/oidc/");
        await browser.ChooseAsync("ada");
        using JsonDocument devices = JsonDocument.Parse(await browser.ShowAsync("/chat/devices/"));
        Assert.False(devices.RootElement.GetProperty("password").GetBoolean());
        foreach (string password in (string[])["", "ada", "4711"])
            Assert.Null((await server.Stranger().PostAsync("/login/", ("nick", "ada"), ("password", password), ("keep", "1"))).Token);
    }

    [Fact]
    public async Task Without_a_provider_there_is_no_such_login()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        Assert.DoesNotContain("oidc", (await server.Stranger().GetAsync("/")).Body, StringComparison.Ordinal);
        foreach (string path in (string[])["/login/oidc", "/login/oidc/callback?code=x&state=y", "/login/oidc/nick"])
            Assert.Equal(HttpStatusCode.NotFound, (await server.Stranger().GetAsync(path)).Status);
    }

    [Theory]
    [InlineData("/login/oidc/?to=//evil.example")]
    [InlineData("/login/oidc/?to=https://evil.example&returnUrl=https://evil.example&redirect_uri=https://evil.example")]
    public async Task A_login_leads_nowhere_but_into_the_chat(string path)
    {
        await using IdentityProvider provider = await IdentityProvider.StartAsync();
        await using ChatServerHost server = await StartAsync(provider);
        using var browser = new Browser(server);
        await browser.ShowAsync(path);
        await browser.ChooseAsync("ada");
        Assert.Equal((server.Port, "/chat/"), (browser.Port, browser.Path));
        using var again = new Browser(server);
        await again.ShowAsync(path);
        Assert.Equal((server.Port, "/chat/"), (again.Port, again.Path));
        using var admin = new Browser(server);
        await admin.ShowAsync("/login/oidc/?to=admin");
        Assert.Equal("/admin/", admin.Path);
    }

    [Fact]
    public async Task Whatever_goes_wrong_is_a_page_that_says_so()
    {
        await using IdentityProvider provider = await IdentityProvider.StartAsync();
        await using ChatServerHost server = await StartAsync(provider);
        using var browser = new Browser(server);
        provider.Refuses = true;
        await FailsAsync(browser, "/login/oidc/", HttpStatusCode.BadRequest);
        provider.Refuses = false;
        foreach (string query in (string[])
        [
            "", "?code=x", "?state=x", "?code=x&state=x", "?error=access_denied", "?error=a&error_description=%0A%00<b>&state=x",
            "?code=" + new string('x', 5000), "?state=&code=&iss=https://evil.example",
        ])
        {
            await FailsAsync(browser, "/login/oidc/callback" + query, HttpStatusCode.BadRequest);
        }

        await FailsAsync(browser, "/login/oidc/callback/", HttpStatusCode.BadRequest);
        await FailsAsync(browser, "/login/oidc/nick/", HttpStatusCode.BadRequest);
        Assert.Contains("Please try again", await browser.ChooseAsync("ada"), StringComparison.Ordinal);
        Assert.Equal(0, server.Room.SessionCount);

        // One line for all of them, however many there are.
        Assert.Single(server.Logs.Of("ProviderLoginFailed"));
    }

    /// <summary>Otherwise, an attacker's link could log others in as the attacker.</summary>
    [Fact]
    public async Task A_login_ends_only_in_the_browser_in_which_it_began()
    {
        await using IdentityProvider provider = await IdentityProvider.StartAsync();
        await using ChatServerHost server = await StartAsync(provider);
        using var attacker = new Browser(server) { Follows = false };
        using var victim = new Browser(server);
        await attacker.ShowAsync("/login/oidc/");
        await attacker.ShowAsync(attacker.Location!);
        string callback = attacker.Location!;
        Assert.Contains("/login/oidc/callback?", callback, StringComparison.Ordinal);
        await FailsAsync(victim, callback, HttpStatusCode.BadRequest);
        await attacker.ShowAsync(callback);
        Assert.EndsWith("/login/oidc/nick", attacker.Location, StringComparison.Ordinal);

        // And only once.
        await FailsAsync(attacker, callback, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_provider_that_is_away_is_said_to_be()
    {
        IdentityProvider provider = await IdentityProvider.StartAsync();
        string[] options = provider.Options;
        await provider.DisposeAsync();
        await using ChatServerHost server = await ChatServerHost.StartAsync(options);
        using var browser = new Browser(server);
        await FailsAsync(browser, "/login/oidc/", HttpStatusCode.BadGateway);
        Assert.NotNull((await server.LoginAsync("bob")).Token);
    }

    /// <summary>A provider that accepts connections and says nothing must not hold users, however many come.</summary>
    [Fact]
    public async Task A_provider_that_does_not_answer_is_not_waited_for_long()
    {
        using var silent = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        silent.Start(100);
        int port = ((IPEndPoint)silent.LocalEndpoint).Port;
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            $"Oidc:Authority=http://127.0.0.1:{port}", "Oidc:ClientId=chat", $"Oidc:ClientSecret={IdentityProvider.Secret}",
            "Oidc:Timeout=00:00:00.500", "Oidc:MaxWaiting=5");
        Task<CometAnswer>[] many = [.. Enumerable.Range(0, 8).Select(_ => server.Stranger().GetAsync("/login/oidc/"))];
        CometAnswer[] answers = await Task.WhenAll(many).WithinAsync(TimeSpan.FromSeconds(10));
        Assert.Contains(answers, answer => answer.Status == HttpStatusCode.ServiceUnavailable);
        Assert.Contains(answers, answer => answer.Status == HttpStatusCode.BadGateway);
        Assert.All(answers, answer => Assert.True(answer.Status >= HttpStatusCode.BadGateway, answer.Status.ToString()));
    }

    [Fact]
    public async Task Another_node_can_end_what_one_has_begun()
    {
        await using IdentityProvider provider = await IdentityProvider.StartAsync();
        await using ChatServerHost one = await StartAsync(provider), other = await StartAsync(provider);
        using var browser = new Browser(one) { Follows = false };
        await browser.ShowAsync("/login/oidc/");
        await browser.ShowAsync(browser.Location!);
        await browser.ShowAsync(new Uri(other.Address, new Uri(browser.Location!).PathAndQuery).ToString());
        Assert.EndsWith("/login/oidc/nick", browser.Location, StringComparison.Ordinal);
        await browser.ShowAsync(new Uri(one.Address, "/login/oidc/nick").ToString());
        await browser.ChooseAsync("ada");
        Assert.EndsWith("/chat/", browser.Location, StringComparison.Ordinal);
        Assert.Equal(1, one.Room.MemberCount);

        // Another secret is another chat.
        await using ChatServerHost stranger = await ChatServerHost.StartAsync(
            [.. provider.Options, "Oidc:ClientSecret=another secret that is long enough"]);
        await browser.ShowAsync("/login/oidc/");
        await browser.ShowAsync(browser.Location!);
        await FailsAsync(
            browser, new Uri(stranger.Address, new Uri(browser.Location!).PathAndQuery).ToString(), HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Behind_a_proxy_with_https_and_below_a_path_the_addresses_are_those_that_users_see()
    {
        await using IdentityProvider provider = await IdentityProvider.StartAsync();
        await using ChatServerHost server = await StartAsync(
            provider, "Chat:TrustedProxies=127.0.0.1", "Chat:PathBase=/talk", "Chat:PublicUrl=https://chat.example");
        (string, string)[] forwarded =
            [("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "chat.example"), ("X-Forwarded-For", "192.0.2.1")];
        CometAnswer begun = await server.Stranger().GetAsync("/talk/login/oidc/", null, forwarded);
        Assert.Equal(HttpStatusCode.Redirect, begun.Status);
        Assert.StartsWith(provider.Address, begun.Headers["Location"], StringComparison.Ordinal);
        Assert.Equal(
            "https://chat.example/talk/login/oidc/callback",
            System.Web.HttpUtility.ParseQueryString(new Uri(begun.Headers["Location"]).Query)["redirect_uri"]);
        string[] cookies = begun.Headers["Set-Cookie"].Split('\n');
        Assert.Equal(2, cookies.Length);
        Assert.All(cookies, cookie =>
        {
            Assert.Contains("path=/talk/login/oidc/callback; secure; samesite=lax; httponly", cookie, StringComparison.Ordinal);
        });

        provider.RedirectUri = "https://chat.example/talk/login/oidc/callback";
        using HttpClient http = server.NewHttp();
        using HttpResponseMessage back = await http.GetAsync(new Uri(begun.Headers["Location"])).WithinAsync();
        string cookie = string.Join("; ", cookies.Select(one => one.Split(';')[0]));
        CometAnswer asked = await server.Stranger().GetAsync(
            back.Headers.Location!.PathAndQuery, null, [.. forwarded, ("Cookie", cookie)]);
        Assert.Equal("/talk/login/oidc/nick", asked.Headers["Location"]);
        string newcomer = asked.Headers["Set-Cookie"].Split('\n').Single(one => one.Contains("chat_newcomer=", StringComparison.Ordinal));
        Assert.EndsWith("; Path=/; Max-Age=900; HttpOnly; SameSite=Lax; Secure", newcomer, StringComparison.Ordinal);

        // A neighbouring host could have planted the plain name.
        string planted = newcomer.Split(';')[0]["__Host-".Length..];
        CometAnswer refused = await server.Stranger().GetAsync("/talk/login/oidc/nick/", null, [.. forwarded, ("Cookie", planted)]);
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        CometAnswer entered = await server.Stranger().RequestAsync(
            HttpMethod.Post,
            "/talk/login/oidc/nick/",
            CometClient.Form(("nick", "ada")),
            [.. forwarded, ("Cookie", newcomer.Split(';')[0])]);
        Assert.Equal("/talk/chat/", entered.Headers["Location"]);
        Assert.Contains("__Host-chat_sess=", entered.Headers["Set-Cookie"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_registration_is_as_open_for_people_of_the_provider_as_for_others()
    {
        await using IdentityProvider provider = await IdentityProvider.StartAsync();
        await using ChatServerHost closed = await StartAsync(provider, "Chat:Registration=Closed");
        using var refused = new Browser(closed);
        Assert.Contains("Nobody can become a member", await refused.ShowAsync("/login/oidc/"), StringComparison.Ordinal);
        Assert.Contains("Please try again", await refused.ChooseAsync("ada"), StringComparison.Ordinal);
        Assert.Equal(0, closed.Room.SessionCount);

        await using ChatServerHost invite = await StartAsync(provider, "Chat:Registration=Invite", ChatServerHost.AdminPassword);
        using var uninvited = new Browser(invite);
        Assert.Contains("Only those who are invited", await uninvited.ShowAsync("/login/oidc/"), StringComparison.Ordinal);
        Assert.Contains("not valid", await uninvited.ShowAsync("/login/oidc/?invitation=guessed"), StringComparison.Ordinal);
        CometClient root = await invite.LoginAdminAsync("root1");
        string path = (await root.PostAsync("/admin/invitation/")).Response.GetProperty("path").GetString()!;
        string token = path.Split("token=")[1];
        using var invited = new Browser(invite);
        Assert.Contains($"href=\"/login/oidc/?invitation={token}\"", await invited.ShowAsync(path), StringComparison.Ordinal);
        await invited.ShowAsync("/login/oidc/?invitation=" + token);
        await invited.ChooseAsync("ada");
        Assert.True((await invited.MeAsync()).GetProperty("member").GetBoolean());
        Assert.Contains("not valid", (await invite.Stranger().GetAsync(path)).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Oidc:Authority=login.example", "is not an https address")]
    [InlineData("Oidc:Authority=http://login.example", "is not an https address")]
    [InlineData("Oidc:Authority=https://login.example", "Oidc:Authority needs Oidc:ClientId")]
    [InlineData("Oidc:ClientId=chat", "have no effect without Oidc:Authority")]
    [InlineData("Oidc:MaxWaiting=0", "MaxWaiting")]
    public async Task Mistakes_in_the_options_are_reported_at_the_start(string option, string message)
    {
        OptionsValidationException invalid =
            await Assert.ThrowsAsync<OptionsValidationException>(() => ChatServerHost.StartAsync(option));
        Assert.Contains(invalid.Failures, failure => failure.Contains(message, StringComparison.Ordinal));
    }

    private static Task<ChatServerHost> StartAsync(IdentityProvider provider, params string[] options) =>
        ChatServerHost.StartAsync([.. provider.Options, .. options]);

    private static async Task FailsAsync(Browser browser, string path, HttpStatusCode status)
    {
        string page = await browser.ShowAsync(path);
        Assert.True(browser.Status == status, $"{path}: {browser.Status}");
        Assert.Contains("The login did not work, or took too long. Please try again.", page, StringComparison.Ordinal);
    }
}
