namespace ErlChat.Web.Tests.Comet;

/// <summary>A private conversation belongs to a person, not to a nick.</summary>
public sealed class PrivateTests
{
    // Previously, robert left, another user logged in as RoBert, and got the next message from robert's friend.
    [Fact]
    public async Task A_message_to_a_user_who_left_reaches_nobody_and_the_sender_is_told()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        CometClient robert = await server.LoginAsync("robert");
        await robert.SendAsync("it is me", to: "alice");
        CometItemView got = (await alice.ReadUntilAsync(item => item.Kind == "whisper"))[^1];
        string id = got.Json.GetProperty("from_id").GetString()!;
        Assert.Equal(await IdOf(robert), id);
        Assert.Equal(await IdOf(alice), got.Json.GetProperty("to_id").GetString());
        Assert.True((await SendAsync(alice, "dear robert", "robert", id)).IsOk);
        Assert.True((await SendAsync(alice, "by the id alone", null, id)).IsOk);

        await robert.LeaveAsync();
        CometClient stranger = await server.LoginAsync("RoBert");
        Assert.Equal("no_such_user", (await SendAsync(alice, "a secret", "robert", id)).Error);
        Assert.Equal("no_such_user", (await SendAsync(alice, "a secret", null, id)).Error);
        Assert.True((await alice.SendAsync("who are you?", to: "robert")).IsOk);
        Assert.Equal(
            ["who are you?"],
            (await stranger.ReadUntilAsync(item => item.Kind == "whisper")).Where(item => item.Kind == "whisper").Select(TextOf));

        // Each has a separate history. A query by nick returns both.
        string other = await IdOf(stranger);
        Assert.Equal(["it is me", "dear robert", "by the id alone"], await HistoryAsync(alice, "with_id=" + id));
        Assert.Equal(["who are you?"], await HistoryAsync(alice, "with_id=" + other));
        Assert.Equal(["who are you?"], await HistoryAsync(alice, "with=robert&with_id=" + other));
        Assert.Equal(["it is me", "dear robert", "by the id alone", "who are you?"], await HistoryAsync(alice, "with=ROBERT"));
        Assert.Equal("bad_request", (await alice.GetAsync("/chat/history/?with_id=no%20id")).Error);
    }

    [Fact]
    public async Task The_history_says_who_has_the_nick_now()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        Assert.False((await alice.GetAsync("/chat/history/?with=robert")).Json.TryGetProperty("with_id", out _));
        CometClient robert = await server.LoginAsync("robert");
        Assert.Equal(await IdOf(robert), (await alice.GetAsync("/chat/history/?with=Robert")).Json.GetProperty("with_id").GetString());
        Assert.False((await alice.GetAsync("/chat/history/?room=lobby")).Json.TryGetProperty("with_id", out _));
    }

    private static Task<CometAnswer> SendAsync(CometClient from, string text, string? to, string id) => to is null
        ? from.PostAsync("/chat/send_msg/", ("msg", text), ("to_id", id))
        : from.PostAsync("/chat/send_msg/", ("msg", text), ("to", to), ("to_id", id));

    private static async Task<string> IdOf(CometClient one) =>
        (await one.GetAsync("/chat/me/")).Response.GetProperty("user_id").GetString()!;

    private static async Task<string[]> HistoryAsync(CometClient one, string query) =>
        [.. (await one.GetAsync("/chat/history/?" + query)).Items!.Select(TextOf)];

    private static string TextOf(CometItemView item) => item.Json.GetProperty("data").GetProperty("msg").GetString()!;
}
