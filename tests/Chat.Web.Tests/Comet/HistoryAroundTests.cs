using System.Globalization;
using System.Text.Json;

namespace ErlChat.Web.Tests.Comet;

/// <summary>Pages of history around a message and after it, over HTTP, with the history in memory and with that of a database.</summary>
public sealed class HistoryAroundTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("erlchat-around-");

    /// <summary>The kinds of logs that these tests run with.</summary>
    public static TheoryData<string> Logs => ["Memory", "Sqlite"];

    [Theory]
    [MemberData(nameof(Logs))]
    public async Task A_page_has_as_much_before_a_message_as_after_it_and_says_what_there_is_beyond(string log)
    {
        await using ChatServerHost server = await StartAsync(log);
        CometClient amy = await server.LoginAsync("amy");
        long[] ids = await TalkAsync(amy, 21);
        await ExpectAsync(amy, $"around={ids[10]}&limit=6", ids[8..14], more: true, newer: true);
        await ExpectAsync(amy, $"around={ids[10]}&limit=7", ids[7..14], more: true, newer: true);
        await ExpectAsync(amy, $"around={ids[10]}&limit=1", ids[10..11], more: true, newer: true);
        await ExpectAsync(amy, $"around={ids[20]}&limit=1", ids[20..], more: true, newer: false);
        await ExpectAsync(amy, $"around={ids[10]}", ids, more: false, newer: false);
        await ExpectAsync(amy, $"around={ids[1]}&limit=10", ids[..7], more: false, newer: true);
        await ExpectAsync(amy, $"around={ids[19]}&limit=10", ids[15..], more: true, newer: false);

        // Of an id that is no message here, also one that is yet to come, there are the neighbours.
        await ExpectAsync(amy, "around=0&limit=4", ids[..2], more: false, newer: true);
        await ExpectAsync(amy, "around=9223372036854775806&limit=4", ids[19..], more: true, newer: false);

        // From there, both ways lead to the ends without a gap or a repeat.
        await ExpectAsync(amy, $"after={ids[13]}&limit=4", ids[14..18], more: false, newer: true);
        await ExpectAsync(amy, $"after={ids[17]}&limit=4", ids[18..], more: false, newer: false);
        await ExpectAsync(amy, $"before={ids[8]}&limit=8", ids[..8], more: false, newer: false);
        await ExpectAsync(amy, $"after={ids[20]}", [], more: false, newer: false);
    }

    [Theory]
    [MemberData(nameof(Logs))]
    public async Task Private_messages_have_such_pages_too(string log)
    {
        await using ChatServerHost server = await StartAsync(log);
        (CometClient amy, CometClient bob) = (await server.LoginAsync("amy"), await server.LoginAsync("bob"));
        await server.LoginAsync("cat");
        long[] ids = await TalkAsync(amy, 9, "bob");
        await TalkAsync(amy, 1, "cat");
        foreach ((CometClient reader, string other) in new[] { (amy, "bob"), (bob, "amy"), (bob, "*") })
        {
            await ExpectAsync(reader, $"with={other}&around={ids[4]}&limit=4", ids[3..7], more: true, newer: true);
            await ExpectAsync(reader, $"with={other}&after={ids[6]}&limit=4", ids[7..], more: false, newer: false);
        }
    }

    [Theory]
    [InlineData("before=5&after=3")]
    [InlineData("before=5&around=3")]
    [InlineData("after=5&around=3")]
    [InlineData("around=abc")]
    [InlineData("around=-1")]
    [InlineData("around=9223372036854775807")]
    [InlineData("after=9223372036854775807")]
    [InlineData("after=+1")]
    [InlineData("around=3&limit=0")]
    public async Task What_contradicts_itself_or_is_no_number_is_refused(string query)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient amy = await server.LoginAsync("amy");
        foreach (string where in new[] { "", "with=*&", "with=bob&" })
            Assert.Equal("bad_request", (await amy.GetAsync($"/chat/history/?{where}{query}")).Error);
    }

    // The answer may be full before the page is. Then what is far from the message is left out, on both sides.
    [Fact]
    public async Task A_full_answer_keeps_the_middle()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            [.. ChatServerHost.NoLimits, "Chat:MaxAnswerBytes=16384", "Chat:MaxMailboxBytes=67108864"]);
        CometClient amy = await server.LoginAsync("amy");

        // In JSON, each quote takes two bytes.
        var ids = new List<long>();
        for (int i = 0; i < 21; i++)
            ids.Add((await amy.SendAsync(new string('"', 1000))).Id!.Value);
        CometAnswer page = await amy.GetAsync($"/chat/history/?around={ids[10]}");
        long[] found = [.. page.Items!.Select(item => item.Id)];
        Assert.True(page.Body.Length <= 16384);
        Assert.Equal([.. ids[7..14]], found);
        Assert.Equal((true, true), (Says(page, "more"), Says(page, "newer")));
        page = await amy.GetAsync($"/chat/history/?after={ids[13]}");
        Assert.Equal([.. ids[14..21]], page.Items!.Select(item => item.Id));
        Assert.False(Says(page, "newer"));
        page = await amy.GetAsync($"/chat/history/?after={ids[10]}");
        Assert.Equal([.. ids[11..18]], page.Items!.Select(item => item.Id));
        Assert.True(Says(page, "newer"));
    }

    [Theory]
    [MemberData(nameof(Logs))]
    public async Task What_was_said_before_a_room_became_public_is_not_shown(string log)
    {
        await using ChatServerHost server = await StartAsync(log);
        (CometClient amy, CometClient bob) = (await server.LoginAsync("amy"), await server.LoginAsync("bob"));
        Assert.True((await amy.PostAsync("/chat/join/", ("room", "den"), ("private", "1"))).IsOk);
        long secret = (await amy.SendAsync("secret", "den")).Id!.Value;
        Assert.Equal("not_in_room", (await bob.GetAsync($"/chat/history/?room=den&around={secret}")).Error);
        Assert.True((await amy.PostAsync("/chat/room/change/", ("room", "den"), ("private", "0"))).IsOk);
        Assert.True((await bob.PostAsync("/chat/join/", ("room", "den"))).IsOk);
        long open = (await amy.SendAsync("open", "den")).Id!.Value;
        foreach (long id in new[] { 0, secret, open })
            await ExpectAsync(bob, $"room=den&around={id}", [open], more: false, newer: false);
        await ExpectAsync(bob, "room=den&after=0", [open], more: false, newer: false);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task<long[]> TalkAsync(CometClient client, int count, string? to = null)
    {
        var ids = new long[count];
        for (int i = 0; i < count; i++)
            ids[i] = (await client.SendAsync($"message {i}", to: to)).Id!.Value;
        return ids;
    }

    private static async Task ExpectAsync(CometClient client, string query, long[] ids, bool more, bool newer)
    {
        CometAnswer page = await client.GetAsync("/chat/history/?" + query);
        Assert.True(page.IsOk, page.Body);
        Assert.Equal(Text(ids, more, newer), Text(page.Items!.Select(item => item.Id), Says(page, "more"), Says(page, "newer")));

        string Text(IEnumerable<long> all, bool hasMore, bool hasNewer) =>
            string.Create(CultureInfo.InvariantCulture, $"{query}: {string.Join(", ", all)} {hasMore} {hasNewer}");
    }

    private static bool Says(CometAnswer page, string word) => page.Json.TryGetProperty(word, out JsonElement said) && said.GetBoolean();

    private Task<ChatServerHost> StartAsync(string log) => ChatServerHost.StartAsync(
    [
        .. log == "Memory" ? [] : (string[])[$"Log:Kind={log}", $"Log:Path={Path.Combine(_folder.FullName, "chat.db")}"],
        .. ChatServerHost.NoLimits,
    ]);
}
