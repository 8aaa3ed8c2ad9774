using System.Text.Json;

namespace ErlChat.Web.Tests.Comet;

/// <summary>Links that lead into rooms, over HTTP.</summary>
public class RoomLinksTests
{
    [Fact]
    public async Task A_link_opens_a_private_room_until_it_is_revoked()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        (CometClient owner, CometClient bob, CometClient eve) =
            (await server.LoginAsync("owner"), await server.LoginAsync("bob"), await server.LoginAsync("eve"));
        await owner.PostAsync("/chat/join/", ("room", "den"), ("private", "1"));
        JsonElement made = (await owner.PostAsync("/chat/room/link/", ("room", "den"))).Response;
        string secret = made.GetProperty("link").GetString()!;
        Assert.Equal(43, secret.Length);
        Assert.Equal("owner", made.GetProperty("by").GetString());

        CometAnswer entered = await bob.PostAsync("/chat/room/enter/", ("link", secret));
        Assert.Equal("den", entered.Response.GetProperty("room").GetString());
        Assert.Equal(["bob", "owner"], (await bob.OnlineAsync("den")).Order());
        Assert.Equal("den", (await bob.PostAsync("/chat/room/enter/", ("link", secret))).Response.GetProperty("room").GetString());

        // Moderators see the links, members do not, and nobody sees the secret again.
        CometAnswer details = await owner.GetAsync("/chat/room/?room=den");
        JsonElement link = Assert.Single(details.Response.GetProperty("links").EnumerateArray());
        Assert.Equal("owner", link.GetProperty("by").GetString());
        Assert.DoesNotContain(secret, details.Body, StringComparison.Ordinal);
        Assert.Empty((await bob.GetAsync("/chat/room/?room=den")).Response.GetProperty("links").EnumerateArray());
        Assert.Equal("not_moderator", (await bob.PostAsync("/chat/room/link/", ("room", "den"))).Error);

        string id = link.GetProperty("id").GetString()!;
        Assert.True((await owner.PostAsync("/chat/room/unlink/", ("room", "den"), ("id", id))).IsOk);
        Assert.Equal("bad_link", (await owner.PostAsync("/chat/room/unlink/", ("room", "den"), ("id", id))).Error);
        Assert.Equal("bad_link", (await eve.PostAsync("/chat/room/enter/", ("link", secret))).Error);
        Assert.Contains("owner has revoked a link into den.", (await bob.ReadUntilAsync(
            item => item.Text.Contains("revoked", StringComparison.Ordinal)))[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_expires()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync("Chat:RoomLinkLifetime=00:01:00");
        (CometClient owner, CometClient bob, CometClient eve) =
            (await server.LoginAsync("owner"), await server.LoginAsync("bob"), await server.LoginAsync("eve"));
        await owner.PostAsync("/chat/join/", ("room", "den"));
        JsonElement made = (await owner.PostAsync("/chat/room/link/", ("room", "den"))).Response;
        string secret = made.GetProperty("link").GetString()!;
        Assert.Equal(server.Clock.GetUtcNow().AddMinutes(1), made.GetProperty("until").GetDateTimeOffset());
        server.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.True((await bob.PostAsync("/chat/room/enter/", ("link", secret))).IsOk);
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("bad_link", (await eve.PostAsync("/chat/room/enter/", ("link", secret))).Error);
        Assert.Empty((await owner.GetAsync("/chat/room/?room=den")).Response.GetProperty("links").EnumerateArray());
    }

    [Theory]
    [InlineData("")]
    [InlineData("0123456789abcdef")]
    [InlineData("a link that nobody has made, and that is longer than any link could be, so that it is not even hashed: "
        + "the server has none that is so long")]
    public async Task A_guess_opens_nothing_and_writes_nothing(string guess)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient bob = await server.LoginAsync("bob");
        long head = server.Office.Head;
        Assert.Equal("bad_link", (await bob.PostAsync("/chat/room/enter/", ("link", guess))).Error);
        Assert.Equal(head, server.Office.Head);
        Assert.Equal("bad_session", (await server.Stranger().PostAsync("/chat/room/enter/", ("link", guess))).Error);
    }
}
