using System.Globalization;
using System.Text.Json;
using ErlChat.Web.Tests.Flack;

namespace ErlChat.Web.Tests.Comet;

/// <summary>Reactions over HTTP, with the history in memory and with that of a database.</summary>
public sealed class ReactionTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("erlchat-reactions-");

    /// <summary>The kinds of logs that these tests run with.</summary>
    public static TheoryData<string> Logs => ["Memory", "Sqlite"];

    [Theory]
    [MemberData(nameof(Logs))]
    public async Task A_reaction_is_told_and_counted_everywhere(string log)
    {
        await using ChatServerHost server = await StartAsync(log);
        (CometClient amy, CometClient bob) = (await server.LoginAsync("amy"), await server.LoginAsync("bob"));
        string amyId = await IdOfAsync(amy);
        long id = await SayAsync(amy, "words");
        await bob.ReadUntilAsync(item => item.Id == id);

        CometAnswer reacted = await ReactAsync(amy, id, "👍");
        Assert.True(reacted.Id > id, reacted.Body);
        CometItemView item = Assert.Single((await bob.WaitAsync($"?msg_id={bob.Cursor}&joins=all")).Items!);
        Assert.Equal(("reaction", reacted.Id), (item.Type, item.Id));
        Assert.Equal(
            $$$"""{"message":{{{id}}},"changes":[{"emoji":"👍","user":"{{{amyId}}}","nick":"amy","on":true}]}""", item.Data.GetRawText());

        await ReactAsync(bob, id, "👍");
        long last = (await ReactAsync(bob, id, "❤")).Id!.Value;
        const string forAmy = """[{"emoji":"👍","count":2,"mine":true,"nicks":["amy","bob"]},"""
            + """{"emoji":"❤️","count":1,"mine":false,"nicks":["bob"]}]""";
        foreach (string path in (string[])["/chat/history/", "/chat/search/?q=words"])
        {
            JsonElement found = Assert.Single((await amy.GetAsync(path)).Items!).Json;
            Assert.Equal(forAmy, found.GetProperty("reactions").GetRawText());
            Assert.Equal(last, found.GetProperty("reacted").GetInt64());
        }

        CometItemView changed = Assert.Single((await amy.GetAsync($"/chat/changes/?since={id}")).Items!);
        Assert.Equal(("reactions", last), (changed.Type, changed.Id));
        Assert.Equal($$$"""{"message":{{{id}}},"reactions":{{{forAmy}}}}""", changed.Data.GetRawText());
        Assert.Empty((await amy.GetAsync($"/chat/changes/?since={last}")).Items!);

        // The original's client hears nothing of it, and what follows comes.
        long next = await SayAsync(amy, "more");
        Assert.Equal([next], (await bob.ReadUntilAsync(one => one.Id == next)).Select(one => one.Id));
    }

    [Theory]
    [MemberData(nameof(Logs))]
    public async Task A_reaction_is_taken_back_and_a_deleted_message_has_none(string log)
    {
        await using ChatServerHost server = await StartAsync(log);
        CometClient amy = await server.LoginAsync("amy");
        long id = await SayAsync(amy, "words");
        await ReactAsync(amy, id, "👍");
        Assert.NotNull((await ReactAsync(amy, id, "👍", on: "0")).Id);
        Assert.Null((await ReactAsync(amy, id, "👍", on: "0")).Id);
        Assert.False(Assert.Single(await HistoryAsync(amy)).Json.TryGetProperty("reactions", out _));
        CometItemView changed = Assert.Single((await amy.GetAsync($"/chat/changes/?since={id}")).Items!);
        Assert.Equal($$$"""{"message":{{{id}}},"reactions":[]}""", changed.Data.GetRawText());
        await ReactAsync(amy, id, "👍");
        Assert.True((await amy.PostAsync("/chat/delete_msg/", ("id", Text(id)))).IsOk);
        Assert.Equal("no_such_message", (await ReactAsync(amy, id, "🙂")).Error);
        Assert.False(Assert.Single(await HistoryAsync(amy)).Json.TryGetProperty("reacted", out _));
        Assert.Equal("message_removed", Assert.Single((await amy.GetAsync($"/chat/changes/?since={id}")).Items!).Type);
        Assert.DoesNotContain("👍", (await amy.GetAsync("/chat/export/")).Body, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Logs))]
    public async Task A_private_message_is_reacted_to_by_the_two_and_nobody_else(string log)
    {
        await using ChatServerHost server = await StartAsync(log);
        (CometClient amy, CometClient bob, CometClient eve) =
            (await server.LoginAsync("amy"), await server.LoginAsync("bob"), await server.LoginAsync("eve"));
        (string amyId, string bobId) = (await IdOfAsync(amy), await IdOfAsync(bob));
        long id = (await amy.PostAsync("/chat/send_msg/", ("msg", "psst"), ("to", "bob"))).Id!.Value;
        Assert.Equal("no_such_message", (await ReactAsync(eve, id, "👍")).Error);
        long reacted = (await ReactAsync(bob, id, "👍")).Id!.Value;
        foreach ((CometClient reader, string with, string mine) in ((CometClient, string, string)[])[
            (amy, bobId, "false"), (bob, amyId, "true")])
        {
            CometItemView item = Assert.Single((await reader.WaitAsync($"?msg_id={reacted}&joins=all")).Items!);
            Assert.Equal(
                $$$"""{"message":{{{id}}},"with":"{{{with}}}","changes":[{"emoji":"👍","user":"{{{bobId}}}","nick":"bob","on":true}]}""",
                item.Data.GetRawText());
            string counts = $$"""[{"emoji":"👍","count":1,"mine":{{mine}},"nicks":["bob"]}]""";
            JsonElement found = Assert.Single((await reader.GetAsync("/chat/history/?with=*")).Items!).Json;
            Assert.Equal(counts, found.GetProperty("reactions").GetRawText());
            Assert.Equal(
                $$$"""{"message":{{{id}}},"with":"{{{with}}}","reactions":{{{counts}}}}""",
                Assert.Single((await reader.GetAsync("/chat/changes/?with=*")).Items!).Data.GetRawText());
        }

        Assert.Empty((await eve.GetAsync("/chat/changes/?with=*")).Items!);
        Assert.Empty((await eve.GetAsync("/chat/changes/")).Items!);
    }

    [Theory]
    [MemberData(nameof(Logs))]
    public async Task A_repeated_request_has_the_first_outcome(string log)
    {
        await using ChatServerHost server = await StartAsync(log);
        CometClient amy = await server.LoginAsync("amy");
        long id = await SayAsync(amy, "words");
        CometAnswer first = await ReactAsync(amy, id, "👍", key: "k");
        await ReactAsync(amy, id, "👍", on: "0");
        long head = server.Office.Head;
        Assert.Equal(first.Id, (await ReactAsync(amy, id, "👍", key: "k")).Id);
        Assert.Equal(head, server.Office.Head);
        Assert.False(Assert.Single(await HistoryAsync(amy)).Json.TryGetProperty("reactions", out _));
    }

    // A database has them until it is rewritten.
    [Theory]
    [MemberData(nameof(Logs))]
    public async Task An_export_has_the_persons_reactions(string log)
    {
        await using ChatServerHost server = await StartAsync(log);
        (CometClient amy, CometClient bob) = (await server.LoginAsync("amy"), await server.LoginAsync("bob"));
        long id = await SayAsync(amy, "words");
        await ReactAsync(bob, id, "👍");
        string line = $$"""{"kind":"reaction","message":{{id}},"room":"lobby","emoji":"👍","at":""";
        for (int i = 0; ; i++)
        {
            Assert.True(i < 300);
            if ((await bob.GetAsync("/chat/export/")).Body.Contains(line, StringComparison.Ordinal))
                break;
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        Assert.DoesNotContain("👍", (await amy.GetAsync("/chat/export/")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flack_hears_nothing_of_reactions()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.NoLimits);
        CometClient amy = await server.LoginAsync("amy");
        await using FlackWire ann = await FlackWire.LogInAsync(server, "Ann");
        await ann.JoinAsync("lobby");
        long id = await SayAsync(amy, "first");
        await ReactAsync(amy, id, "👍");
        await SayAsync(amy, "second");
        foreach (string text in (string[])["first", "second"])
            Assert.Equal(text, (await ann.ExpectAsync("chat_message")).GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("", "1", "bad_emoji")]
    [InlineData("a", "1", "bad_emoji")]
    [InlineData("👍👍", "1", "bad_emoji")]
    [InlineData("👍", "2", "bad_request")]
    [InlineData("👍", "true", "bad_request")]
    public async Task Anything_but_one_emoji_is_refused(string emoji, string on, string error)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.NoLimits);
        CometClient amy = await server.LoginAsync("amy");
        long id = await SayAsync(amy, "words");
        long head = server.Office.Head;
        Assert.Equal(error, (await ReactAsync(amy, id, emoji, on)).Error);
        Assert.Equal(head, server.Office.Head);
    }

    [Fact]
    public async Task Bad_ids_and_keys_are_refused_and_strangers_are()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.NoLimits);
        CometClient amy = await server.LoginAsync("amy");
        long id = await SayAsync(amy, "words");
        foreach (string bad in (string[])["", "x", "-1", "0", "99999999999999999999", "9223372036854775807"])
            Assert.Equal("bad_request", (await amy.PostAsync("/chat/react/", ("id", bad), ("emoji", "👍"))).Error);
        Assert.Equal("no_such_message", (await amy.PostAsync("/chat/react/", ("id", "9223372036854775806"), ("emoji", "👍"))).Error);
        Assert.Equal("bad_key", (await ReactAsync(amy, id, "👍", key: new string('k', 65))).Error);
        Assert.Equal("bad_session", (await ReactAsync(server.Stranger(), id, "👍")).Error);
    }

    [Fact]
    public async Task Reactions_cost_as_much_as_messages_and_are_bounded()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            "Chat:RateLimitCount=4", "Chat:RateLimitWindow=01:00:00", "Chat:MaxEmojisPerMessage=1");
        CometClient amy = await server.LoginAsync("amy");
        long id = await SayAsync(amy, "words");
        Assert.True((await ReactAsync(amy, id, "👍")).IsOk);
        Assert.Equal("too_many_reactions", (await ReactAsync(amy, id, "🙂")).Error);
        Assert.True((await ReactAsync(amy, id, "👍", on: "0")).IsOk);
        Assert.Equal("rate_limited", (await ReactAsync(amy, id, "👍")).Error);
    }

    [Fact]
    public async Task Nobody_learns_of_messages_in_private_rooms()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.NoLimits);
        (CometClient amy, CometClient bob) = (await server.LoginAsync("amy"), await server.LoginAsync("bob"));
        await amy.PostAsync("/chat/join/", ("room", "vault"), ("private", "1"));
        long id = await SayAsync(amy, "treasure", "vault");
        Assert.Equal((await ReactAsync(bob, 1_000_000, "👍")).Body, (await ReactAsync(bob, id, "👍")).Body);
        Assert.True((await ReactAsync(amy, id, "👍")).IsOk);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private Task<ChatServerHost> StartAsync(string log) => ChatServerHost.StartAsync(
    [
        .. log == "Memory" ? [] : (string[])[$"Log:Kind={log}", $"Log:Path={Path.Combine(_folder.FullName, "chat.db")}"],
        "Chat:ExportPause=00:00:00", .. ChatServerHost.NoLimits,
    ]);

    private static async Task<long> SayAsync(CometClient client, string text, string? room = null) =>
        (await client.SendAsync(text, room)).Id!.Value;

    private static Task<CometAnswer> ReactAsync(CometClient client, long id, string emoji, string? on = null, string? key = null)
    {
        List<(string, string)> fields = [("id", Text(id)), ("emoji", emoji)];
        if (on is not null)
            fields.Add(("on", on));
        if (key is not null)
            fields.Add(("key", key));
        return client.PostAsync("/chat/react/", [.. fields]);
    }

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    private static async Task<IReadOnlyList<CometItemView>> HistoryAsync(CometClient client) =>
        (await client.GetAsync("/chat/history/")).Items!;

    private static async Task<string> IdOfAsync(CometClient client) =>
        (await client.GetAsync("/chat/me/")).Response.GetProperty("user_id").GetString()!;
}
