using System.Globalization;
using System.Text.Json;

namespace ErlChat.Web.Tests.Comet;

/// <summary>Messages that answer others, over HTTP, with the history in memory and with that of a database.</summary>
public sealed class ReplyTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("erlchat-replies-");

    /// <summary>The kinds of logs that these tests run with.</summary>
    public static TheoryData<string> Logs => ["Memory", "Sqlite"];

    [Theory]
    [MemberData(nameof(Logs))]
    public async Task Readers_are_told_what_a_message_answers(string log)
    {
        await using ChatServerHost server = await StartAsync(log);
        (CometClient amy, CometClient bob) = (await server.LoginAsync("amy"), await server.LoginAsync("bob"));
        long question = await SayAsync(amy, "who has the <key>?");
        long answer = await SayAsync(bob, "I have", ("reply_to", Text(question)));

        JsonElement live = (await amy.ReadUntilAsync(item => item.Id == answer))[^1].Json;
        Assert.Equal("""{"nick":"bob","msg":"I have"}""", live.GetProperty("d").GetRawText());
        Assert.Equal((question, "amy"), (live.GetProperty("reply_to").GetInt64(), live.GetProperty("reply_nick").GetString()));
        Assert.False(live.TryGetProperty("reply_msg", out _));

        // The text is looked up when it is read, so it is the present one.
        Assert.Equal("who has the <key>?", await ParentTextAsync(bob, answer));
        await amy.PostAsync("/chat/edit_msg/", ("id", Text(question)), ("msg", "who has the keys?"));
        Assert.Equal("who has the keys?", await ParentTextAsync(bob, answer));
        await amy.PostAsync("/chat/delete_msg/", ("id", Text(question)));
        Assert.Null(await ParentTextAsync(bob, answer));
        Assert.DoesNotContain("keys", (await bob.GetAsync("/chat/history/")).Body, StringComparison.Ordinal);
        Assert.DoesNotContain("keys", (await bob.GetAsync("/chat/search/?q=have")).Body, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Logs))]
    public async Task A_long_text_is_quoted_by_its_beginning(string log)
    {
        await using ChatServerHost server = await StartAsync(log);
        CometClient amy = await server.LoginAsync("amy");
        string text = new string('a', 138) + "👩‍👩‍👧" + "tail";
        long answer = await SayAsync(amy, "yes", ("reply_to", Text(await SayAsync(amy, text))));
        Assert.Equal(new string('a', 138) + "…", await ParentTextAsync(amy, answer));
    }

    [Theory]
    [MemberData(nameof(Logs))]
    public async Task A_private_message_is_answered_in_its_own_conversation_only(string log)
    {
        await using ChatServerHost server = await StartAsync(log);
        (CometClient amy, CometClient bob, CometClient cat) =
            (await server.LoginAsync("amy"), await server.LoginAsync("bob"), await server.LoginAsync("cat"));
        long secret = (await amy.PostAsync("/chat/send_msg/", ("msg", "psst"), ("to", "bob"))).Id!.Value;
        await bob.ReadUntilAsync(item => item.Id == secret);
        CometAnswer sent = await bob.PostAsync("/chat/send_msg/", ("msg", "what?"), ("to", "amy"), ("reply_to", Text(secret)));
        Assert.True(sent.Id > secret, sent.Body);
        JsonElement item = (await amy.ReadUntilAsync(one => one.Id == sent.Id))[^1].Json;
        Assert.Equal((secret, "amy"), (item.GetProperty("reply_to").GetInt64(), item.GetProperty("reply_nick").GetString()));
        Assert.Contains("\"reply_msg\":\"psst\"", (await amy.GetAsync("/chat/history/?with=bob")).Body, StringComparison.Ordinal);

        long said = await SayAsync(amy, "in the lobby");
        foreach ((CometClient client, (string, string)[] form) in new (CometClient, (string, string)[])[]
        {
            (bob, [("to", "cat"), ("reply_to", Text(secret))]),
            (bob, [("reply_to", Text(secret))]),
            (cat, [("to", "amy"), ("reply_to", Text(secret))]),
            (bob, [("to", "amy"), ("reply_to", Text(said))]),
        })
        {
            CometAnswer refused = await client.PostAsync("/chat/send_msg/", [("msg", "what?"), .. form]);
            Assert.Contains("no_such_message", refused.Body, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Logs))]
    public async Task Only_messages_of_the_same_room_that_the_author_can_read_are_answered(string log)
    {
        await using ChatServerHost server = await StartAsync(log);
        (CometClient amy, CometClient bob) = (await server.LoginAsync("amy"), await server.LoginAsync("bob"));
        await amy.SendAsync("/join den private");
        long hidden = await SayAsync(amy, "hidden", ("room", "den"));
        long gone = await SayAsync(bob, "gone");
        await bob.PostAsync("/chat/delete_msg/", ("id", Text(gone)));
        foreach (string parent in new[] { Text(hidden), Text(gone), "999999" })
        {
            CometAnswer refused = await bob.PostAsync("/chat/send_msg/", ("msg", "yes"), ("reply_to", parent));
            Assert.Contains("no_such_message", refused.Body, StringComparison.Ordinal);
            Assert.Contains(
                parent == Text(gone) ? "\"deleted\":true" : "no_such_message",
                (await bob.GetAsync($"/chat/message/?id={parent}")).Body,
                StringComparison.Ordinal);
        }

        foreach (string bad in new[] { "0", "-1", "x", "9223372036854775807", "99999999999999999999" })
        {
            Assert.Contains(
                "bad_request",
                (await bob.PostAsync("/chat/send_msg/", ("msg", "yes"), ("reply_to", bad))).Body,
                StringComparison.Ordinal);
            Assert.Contains("bad_request", (await bob.GetAsync($"/chat/message/?id={bad}")).Body, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("yes", (await bob.GetAsync("/chat/history/")).Body, StringComparison.Ordinal);
        CometAnswer whole = await amy.GetAsync($"/chat/message/?id={hidden}");
        Assert.Equal("den", Assert.Single(whole.Items!).Json.GetProperty("room").GetString());
    }

    [Fact]
    public async Task Answers_outlive_a_restart()
    {
        long question;
        long answer;
        await using (ChatServerHost server = await StartAsync("Sqlite"))
        {
            CometClient amy = await server.LoginAsync("amy");
            question = await SayAsync(amy, "who?");
            answer = await SayAsync(amy, "I", ("reply_to", Text(question)));
        }

        await using ChatServerHost again = await StartAsync("Sqlite");
        CometClient bob = await again.LoginAsync("bob");
        JsonElement item = Assert.Single((await bob.GetAsync($"/chat/message/?id={answer}")).Items!).Json;
        Assert.Equal((question, "amy", "who?"), (
            item.GetProperty("reply_to").GetInt64(),
            item.GetProperty("reply_nick").GetString(),
            item.GetProperty("reply_msg").GetString()));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    private static async Task<long> SayAsync(CometClient client, string text, params (string, string)[] more) =>
        (await client.PostAsync("/chat/send_msg/", [("msg", text), .. more])).Id!.Value;

    private static async Task<string?> ParentTextAsync(CometClient client, long id)
    {
        JsonElement item = Assert.Single((await client.GetAsync($"/chat/message/?id={id}")).Items!).Json;
        return item.TryGetProperty("reply_msg", out JsonElement text) ? text.GetString() : null;
    }

    private Task<ChatServerHost> StartAsync(string log) => ChatServerHost.StartAsync(
    [
        .. log == "Memory" ? [] : (string[])[$"Log:Kind={log}", $"Log:Path={Path.Combine(_folder.FullName, "chat.db")}"],
        .. ChatServerHost.NoLimits,
    ]);
}
