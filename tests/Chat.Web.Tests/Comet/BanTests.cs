using System.Text.Json;

namespace ErlChat.Web.Tests.Comet;

/// <summary>Bans apply to persons and addresses, several can be in force at once, and each expires (docs/comet.md, clause 13).</summary>
public class BanTests
{
    private static (string, string) From(string address) => ("X-Forwarded-For", address);

    [Fact]
    public async Task Several_addresses_can_be_banned_at_once_and_each_ban_expires_separately()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync(
            ChatServerHost.AdminPassword, "Chat:TrustedProxies=127.0.0.1", "Chat:IdleLimit=1.00:00:00");
        CometClient admin = await server.LoginAdminAsync("root1");
        await server.Stranger().LoginAsync("bob", From("203.0.113.1"));
        await server.Stranger().LoginAsync("carol", From("203.0.113.2"));
        await server.Stranger().LoginAsync("other", From("203.0.113.1"));
        await admin.SendAsync("/admin ban bob rude 3600");
        await admin.SendAsync("/admin ban carol rude 100000");
        Assert.Equal(["other", "root1"], (await admin.OnlineAsync()).Order(StringComparer.Ordinal));

        LoginTests.AssertRefused(
            await server.Stranger().LoginAsync("!!", From("203.0.113.1")),
            "You are banned from the chat server. Time remaining: 1 hours, 0 minutes, 0 seconds");
        LoginTests.AssertRefused(
            await server.Stranger().LoginAsync("x", From("203.0.113.2")),
            "You are banned from the chat server. Time remaining: 1 days, 3 hours, 46 minutes, 40 seconds");
        server.Clock.Advance(TimeSpan.FromSeconds(3593));
        LoginTests.AssertRefused(await server.Stranger().LoginAsync("x", From("203.0.113.1")), "Time remaining: 7 seconds");
        server.Clock.Advance(TimeSpan.FromSeconds(7));
        Assert.NotNull((await server.Stranger().LoginAsync("back", From("203.0.113.1"))).Token);
        LoginTests.AssertRefused(await server.Stranger().LoginAsync("x", From("203.0.113.2")), "You are banned");
    }

    [Theory]
    [InlineData("203.0.113.1")]
    [InlineData("\"203.0.113.1\"")]
    public async Task A_ban_can_be_lifted_with_the_address_quoted_or_not(string address)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.AdminPassword, "Chat:TrustedProxies=127.0.0.1");
        CometClient admin = await server.LoginAdminAsync("root1");
        await server.Stranger().LoginAsync("bob", From("203.0.113.1"));
        await admin.SendAsync("/admin ban bob rude 3600");
        Assert.Equal("Removed ban.", await admin.AskAsync($"/admin unban {address}"));
        Assert.Equal("Unable to unban: Invalid host.", await admin.AskAsync($"/admin unban {address}"));
        Assert.NotNull((await server.Stranger().LoginAsync("bob", From("203.0.113.1"))).Token);
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("315360000", true)]
    [InlineData("0", false)]
    [InlineData("-5", false)]
    [InlineData("5abc", false)]
    [InlineData("315360001", false)]
    [InlineData("99999999999999999999", false)]
    [InlineData("1.5", false)]
    [InlineData("+5", false)]
    public async Task A_ban_lasts_between_one_second_and_ten_years(string seconds, bool accepted)
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync(ChatServerHost.AdminPassword);
        CometClient admin = await server.LoginAdminAsync("root1");
        await server.LoginAsync("bob");
        if (accepted)
        {
            await admin.SendAsync($"/admin ban bob rude {seconds}");
            Assert.Equal(["root1"], await admin.OnlineAsync());
            return;
        }

        Assert.Equal("Unable to ban: invalid time specified.", await admin.AskAsync($"/admin ban bob rude {seconds}"));
        Assert.Equal(["bob", "root1"], (await admin.OnlineAsync()).Order(StringComparer.Ordinal));
        Assert.True((await server.Stranger().LoginAsync("more")).Token is not null);
    }

    [Fact]
    public async Task A_ban_of_the_person_alone_holds_at_every_address_and_for_nobody_else()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync(
            ChatServerHost.AdminPassword, "Chat:TrustedProxies=127.0.0.1", "Chat:IdleLimit=1.00:00:00");
        CometClient admin = await server.LoginAdminAsync("root1");
        await server.Stranger().LoginAsync("bob", From("203.0.113.1"));
        await admin.SendAsync("/admin ban bob rude 60 person");
        Assert.Equal(["root1"], await admin.OnlineAsync());
        foreach (string address in (string[])["203.0.113.1", "203.0.113.2"])
        {
            LoginTests.AssertRefused(
                await server.Stranger().LoginAsync("BOB", From(address)),
                "You are banned from the chat server. Time remaining: 1 minutes, 0 seconds");
        }

        Assert.NotNull((await server.Stranger().LoginAsync("carol", From("203.0.113.1"))).Token);
        Assert.Equal("bob: rude. Time Remaining: 1 minutes, 0 seconds", await admin.AskAsync("/admin bans"));
        JsonElement ban = Assert.Single((await admin.GetAsync("/chat/bans/")).Response.EnumerateArray());
        Assert.Equal(("", "bob"), (ban.GetProperty("host").GetString(), ban.GetProperty("nick").GetString()));
        Assert.Equal("Removed ban.", await admin.AskAsync("/admin unban bob"));
        Assert.NotNull((await server.Stranger().LoginAsync("bob", From("203.0.113.2"))).Token);
    }
}
