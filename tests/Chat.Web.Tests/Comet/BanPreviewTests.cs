using System.Text.Json;

namespace ErlChat.Web.Tests.Comet;

/// <summary>
/// Which other users a ban affects besides the one it is meant for. Behind an untrusted proxy all users share one address, and previously
/// one ban banned them all without warning.
/// </summary>
public class BanPreviewTests
{
    [Fact]
    public async Task An_administrator_is_told_beforehand_who_else_uses_the_address()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.AdminPassword, "Chat:TrustedProxies=127.0.0.1");
        CometClient admin = await server.LoginAdminAsync("root1");
        foreach (string nick in new[] { "bob", "carol", "ann" })
            await server.Stranger().LoginAsync(nick, ("X-Forwarded-For", "192.0.2.7"));
        await server.Stranger().LoginAsync("far", ("X-Forwarded-For", "192.0.2.8"));
        JsonElement hit = (await admin.GetAsync("/chat/bans/preview/?nick=BOB")).Response;
        Assert.Equal("192.0.2.7", hit.GetProperty("host").GetString());
        Assert.Equal(2, hit.GetProperty("count").GetInt32());
        Assert.Equal(["ann", "carol"], hit.GetProperty("others").EnumerateArray().Select(one => one.GetString()));
        Assert.Equal(0, (await admin.GetAsync("/chat/bans/preview/?nick=far")).Response.GetProperty("count").GetInt32());
        Assert.Equal("no_such_user", (await admin.GetAsync("/chat/bans/preview/?nick=nobody")).Error);
        Assert.Equal("no_such_user", (await admin.GetAsync("/chat/bans/preview/")).Error);
    }

    [Fact]
    public async Task Only_administrators_are_told_which_addresses_people_use()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient bob = await server.LoginAsync("bob");
        Assert.Equal("not_allowed", (await bob.GetAsync("/chat/bans/preview/?nick=bob")).Error);
        Assert.Equal("bad_session", (await server.Stranger().GetAsync("/chat/bans/preview/?nick=bob")).Error);
    }

    [Fact]
    public async Task If_there_are_many_only_some_are_named()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync([ChatServerHost.AdminPassword, .. ChatServerHost.NoLimits]);
        CometClient admin = await server.LoginAdminAsync("root1");
        for (int i = 0; i < 15; i++)
            await server.LoginAsync($"user{i}");
        JsonElement hit = (await admin.GetAsync("/chat/bans/preview/?nick=user7")).Response;
        Assert.Equal(15, hit.GetProperty("count").GetInt32());
        Assert.Equal(10, hit.GetProperty("others").GetArrayLength());
    }
}
