using System.Text.Json;

namespace ErlChat.Web.Tests.Oidc;

/// <summary>A member with a password connects an account at a provider, and disconnects it.</summary>
public sealed class ConnectTests
{
    private const string Password = "a horse in the rain";

    [Fact]
    public async Task A_member_with_a_password_connects_an_account_and_logs_in_with_either()
    {
        await using IdentityProvider provider = await IdentityProvider.StartAsync();
        await using ChatServerHost server = await StartAsync(provider);
        using Browser laptop = await MemberAsync(server, "lovelace");
        Assert.False(await IsConnectedAsync(laptop));
        string begun = await BeginAsync(laptop);
        Assert.Contains("prompt=select_account", begun, StringComparison.Ordinal);
        await laptop.ShowAsync(begun);
        Assert.Equal((server.Port, "/chat/"), (laptop.Port, laptop.Path));
        Assert.True(await IsConnectedAsync(laptop));

        using var phone = new Browser(server);
        await phone.ShowAsync("/login/oidc/");
        Assert.Equal("/chat/", phone.Path);
        Assert.Equal(await UserIdAsync(laptop), await UserIdAsync(phone));
        using var tablet = new Browser(server);
        await tablet.PostAsync("/login/", ("nick", "lovelace"), ("password", Password), ("keep", "1"));
        Assert.Equal(await UserIdAsync(laptop), await UserIdAsync(tablet));

        // Once more changes nothing.
        await laptop.ShowAsync(await BeginAsync(laptop));
        Assert.Equal("/chat/", laptop.Path);
        Assert.Equal("wrong_password", ErrorOf(await laptop.PostAsync("/chat/identity/remove/", ("password", "not the password"))));
        Assert.True(await IsConnectedAsync(laptop));
        Assert.Null(ErrorOf(await laptop.PostAsync("/chat/identity/remove/", ("password", Password))));
        Assert.False(await IsConnectedAsync(laptop));
        using var other = new Browser(server);
        await other.ShowAsync("/login/oidc/");
        Assert.Equal("/login/oidc/nick", other.Path);
        Assert.Equal(1, server.Room.MemberCount);
    }

    [Fact]
    public async Task An_account_of_another_member_stays_there()
    {
        await using IdentityProvider provider = await IdentityProvider.StartAsync();
        await using ChatServerHost server = await StartAsync(provider);
        using var bob = new Browser(server);
        await bob.ShowAsync("/login/oidc/");
        await bob.ChooseAsync("bob");
        using Browser eve = await MemberAsync(server, "eve");
        Assert.Contains("belongs to another member", await eve.ShowAsync(await BeginAsync(eve)), StringComparison.Ordinal);
        Assert.False(await IsConnectedAsync(eve));
        using var again = new Browser(server);
        await again.ShowAsync("/login/oidc/");
        Assert.Equal(await UserIdAsync(bob), await UserIdAsync(again));

        // Without a password, there would be no way in any more.
        Assert.True(await IsConnectedAsync(bob));
        Assert.Equal("wrong_password", ErrorOf(await bob.PostAsync("/chat/identity/remove/", ("password", ""))));
        Assert.Equal("wrong_password", ErrorOf(await bob.PostAsync("/chat/identity/", ("password", ""))));
        Assert.True(await IsConnectedAsync(bob));
    }

    /// <summary>A link of an attacker, who was at the provider, must not give the attacker's account to the victim.</summary>
    [Fact]
    public async Task It_ends_only_in_the_session_that_began_it()
    {
        await using IdentityProvider provider = await IdentityProvider.StartAsync();
        await using ChatServerHost server = await StartAsync(provider);
        using Browser victim = await MemberAsync(server, "victim");
        using Browser attacker = await MemberAsync(server, "attacker", follows: false);
        await attacker.ShowAsync(await BeginAsync(attacker));
        string callback = attacker.Location!;
        Assert.Contains("/login/oidc/callback?", callback, StringComparison.Ordinal);
        await victim.ShowAsync(callback);
        Assert.Equal(HttpStatusCode.BadRequest, victim.Status);
        Assert.False(await IsConnectedAsync(victim));

        // Nor if the browser has changed its user in the meantime.
        await attacker.PostAsync("/login/", ("nick", "victim"), ("password", Password), ("keep", "1"));
        await attacker.ShowAsync(callback);
        Assert.Equal(HttpStatusCode.BadRequest, attacker.Status);
        Assert.False(await IsConnectedAsync(attacker));
        Assert.False(await IsConnectedAsync(victim));
        Assert.Equal(2, server.Room.MemberCount);
    }

    /// <summary>A link to the login can be on any page.</summary>
    [Fact]
    public async Task A_login_with_the_provider_connects_nobody_who_is_logged_in()
    {
        await using IdentityProvider provider = await IdentityProvider.StartAsync();
        await using ChatServerHost server = await StartAsync(provider);
        using Browser ada = await MemberAsync(server, "ada");
        await ada.ShowAsync("/login/oidc/?session=x");
        Assert.Equal("/login/oidc/nick", ada.Path);
        Assert.False(await IsConnectedAsync(ada));
        await ada.ShowAsync("/chat/identity/");
        Assert.NotEqual(HttpStatusCode.OK, ada.Status);
    }

    [Fact]
    public async Task Only_a_member_who_gives_the_password_begins_it()
    {
        await using IdentityProvider provider = await IdentityProvider.StartAsync();
        await using ChatServerHost server = await StartAsync(provider);
        using Browser ada = await MemberAsync(server, "ada");
        Assert.Equal("wrong_password", ErrorOf(await ada.PostAsync("/chat/identity/", ("password", "not the password"))));
        using var guest = new Browser(server);
        await guest.PostAsync("/login/", ("nick", "guest"), ("keep", "1"));
        Assert.Equal("not_member", ErrorOf(await guest.PostAsync("/chat/identity/", ("password", Password))));
        Assert.DoesNotContain("provider", await guest.ShowAsync("/chat/devices/"), StringComparison.Ordinal);
        using var stranger = new Browser(server);
        Assert.Equal("bad_session", ErrorOf(await stranger.PostAsync("/chat/identity/", ("password", Password))));
    }

    [Fact]
    public async Task A_provider_that_is_away_or_is_none_is_said_to_be()
    {
        IdentityProvider provider = await IdentityProvider.StartAsync();
        string[] options = provider.Options;
        await provider.DisposeAsync();
        await using ChatServerHost server = await ChatServerHost.StartAsync(options);
        using Browser ada = await MemberAsync(server, "ada");
        Assert.Equal("unavailable", ErrorOf(await ada.PostAsync("/chat/identity/", ("password", Password))));
        Assert.Null(ada.Location);

        await using ChatServerHost without = await ChatServerHost.StartAsync();
        using Browser eve = await MemberAsync(without, "eve");
        Assert.DoesNotContain("provider", await eve.ShowAsync("/chat/devices/"), StringComparison.Ordinal);
        foreach (string path in (string[])["/chat/identity/", "/chat/identity/remove/"])
        {
            await eve.PostAsync(path, ("password", Password));
            Assert.Equal(HttpStatusCode.NotFound, eve.Status);
        }
    }

    private static Task<ChatServerHost> StartAsync(IdentityProvider provider) =>
        ChatServerHost.StartAsync([.. provider.Options, "Chat:PasswordTriesPerGuesser=100"]);

    private static async Task<Browser> MemberAsync(ChatServerHost server, string nick, bool follows = true)
    {
        var browser = new Browser(server) { Follows = follows };
        await browser.PostAsync("/login/", ("nick", nick), ("keep", "1"));
        Assert.Null(ErrorOf(await browser.PostAsync("/chat/register/", ("password", Password))));
        return browser;
    }

    /// <summary>Begins to connect. Returns the address at the provider.</summary>
    private static async Task<string> BeginAsync(Browser browser)
    {
        string answer = await browser.PostAsync("/chat/identity/", ("password", Password));
        using JsonDocument parsed = JsonDocument.Parse(answer);
        Assert.Equal((HttpStatusCode.OK, null), (browser.Status, browser.Location));
        Assert.Null(ErrorOf(answer));
        return parsed.RootElement.GetProperty("response").GetString()!;
    }

    private static string? ErrorOf(string answer)
    {
        using JsonDocument parsed = JsonDocument.Parse(answer);
        return parsed.RootElement.GetProperty("status").GetString() == "ok" ? null : parsed.RootElement.GetProperty("response").GetString();
    }

    private static async Task<bool> IsConnectedAsync(Browser browser)
    {
        using JsonDocument devices = JsonDocument.Parse(await browser.ShowAsync("/chat/devices/"));
        JsonElement provider = devices.RootElement.GetProperty("provider");
        Assert.Equal("the office", provider.GetProperty("name").GetString());
        return provider.GetProperty("connected").GetBoolean();
    }

    private static async Task<string> UserIdAsync(Browser browser) => (await browser.MeAsync()).GetProperty("user_id").GetString()!;
}
