using System.Globalization;
using System.Text;
using System.Text.Json;
using ErlChat.Rooms;
using ErlChat.Sessions;

namespace ErlChat.Web.Tests.Answers;

/// <summary>No answer is longer than <c>Chat:MaxAnswerBytes</c>, and what it leaves out comes with the next: S6, S7.</summary>
public class AnswerSizeTests
{
    private const int Most = 16 * 1024;
    private const int Messages = 60;

    private static readonly string[] s_options = [.. ChatServerHost.NoLimits, "Chat:MaxAnswerBytes=16384", "Chat:MaxRoomsPerSession=10000", "Chat:MaxMailboxBytes=67108864"];

    // An answer had as much as a mailbox holds: a megabyte, estimated.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_poll_is_cut_and_the_next_goes_on_without_a_gap(bool lane)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync([.. s_options, $"Chat:FastLane={lane}"]);
        CometClient alice = await server.LoginAsync("alice"), bob = await server.LoginAsync("bob");
        string[] said = await TalkAsync(alice);
        var heard = new List<string>();
        int polls = 0;
        while (heard.Count < Messages)
        {
            CometAnswer answer = await bob.WaitAsync();
            AssertShort(answer);
            Assert.Equal(answer.Body, (await bob.GetAsync($"/chat/wait/?msg_id={answer.Items![0].Id}")).Body);
            heard.AddRange(answer.Items!.Select(item => item.Text));
            polls++;
        }

        Assert.Equal(said, heard);
        Assert.InRange(polls, 8, 30);
    }

    // The place that a reader goes on from is another one than without the cut, and by that place it is known what its list has shown.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_was_on_the_list_is_not_told_again_behind_the_cut(bool lane)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync([.. s_options, $"Chat:FastLane={lane}"]);
        CometClient alice = await server.LoginAsync("alice"), bob = await server.LoginAsync("bob");
        await server.LoginAsync("carol");
        string[] said = await TalkAsync(alice);
        await server.LoginAsync("dave");
        Assert.Equal(["alice", "bob", "carol", "dave"], (await bob.OnlineAsync()).Order());
        await server.LoginAsync("eve");
        var heard = new List<string>();
        while (heard.Count < Messages + 1)
            heard.AddRange((await bob.ReadAsync()).Select(item => item.Type == "user_joined_room" ? item.Nick! : item.Text));
        Assert.Equal([.. said, "eve"], heard);
    }

    // A single message may be longer than the bound: it is given alone.
    [Fact]
    public async Task One_item_is_always_given()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync([.. s_options, "Chat:MaxMessageLength=20000"]);
        CometClient alice = await server.LoginAsync("alice"), bob = await server.LoginAsync("bob");
        string text = new('ü', 8100);
        await alice.SendAsync(text);
        await alice.SendAsync(text);
        Assert.Equal(text, Assert.Single(await bob.ReadAsync()).Text);
        CometAnswer page = await bob.GetAsync("/chat/history/");
        Assert.Equal(text, Assert.Single(page.Items!).Text);
        Assert.True(HasMore(page));
    }

    [Theory]
    [InlineData("/chat/history/?limit=200")]
    [InlineData("/chat/history/?with=bob&limit=200")]
    [InlineData("/chat/search/?q=message&limit=200")]
    [InlineData("/chat/history/?limit=7")]
    public async Task Pages_of_history_are_short_and_say_that_there_is_more(string path)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(s_options);
        CometClient alice = await server.LoginAsync("alice");
        await server.LoginAsync("bob");
        string[] said = await TalkAsync(alice, path.Contains("with", StringComparison.Ordinal) ? "bob" : null);
        var heard = new List<string>();
        CometAnswer page = await alice.GetAsync(path);
        while (true)
        {
            AssertShort(page);
            heard.InsertRange(0, page.Items!.Select(item => item.Kind == "whisper" ? item.Json.GetProperty("data").GetProperty("msg").GetString()! : item.Text));
            if (!HasMore(page))
                break;
            page = await alice.GetAsync(string.Create(CultureInfo.InvariantCulture, $"{path}&before={page.Items![0].Id}"));
        }

        Assert.Equal(said, heard);
    }

    [Fact]
    public async Task Rooms_come_in_pages()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(s_options);
        CometClient alice = await server.LoginAsync("alice");
        var key = SessionKey.Of(alice.Token!);
        Assert.False(HasMore(await alice.GetAsync("/chat/rooms/")));
        for (int i = 0; i < 60; i++)
        {
            await server.Room.EnterAsync(key, $"room{i}");
            await alice.SendAsync("/topic " + new string('é', 250), $"room{i}");
        }

        foreach (string limit in (string[])["", "&limit=7"])
        {
            var names = new List<string>();
            string after = "";
            while (true)
            {
                CometAnswer page = await alice.GetAsync($"/chat/rooms/?after={after}{limit}");
                AssertShort(page);
                names.AddRange(page.Response.EnumerateArray().Select(room => room.GetProperty("name").GetString()!));
                if (!HasMore(page))
                    break;
                after = names[^1];
            }

            Assert.Equal(server.Room.Rooms().Select(room => room.Name), names);
        }

        Assert.Equal("bad_request", (await alice.GetAsync("/chat/rooms/?limit=0")).Error);
    }

    // A list that fits is as it always was: the most recently active first. One that does not has an order that stays from page to page.
    [Fact]
    public async Task People_come_whole_or_in_pages_by_name()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(s_options);
        CometClient alice = await server.LoginAsync("alice");
        CometAnswer whole = await alice.GetAsync("/chat/online/");
        Assert.False(HasMore(whole));
        for (int i = 0; i < 2000; i++)
            await server.Room.JoinAsync(new JoinRequest($"person{i}", "192.0.2.1"));

        foreach (string room in (string[])["lobby", "LOBBY"])
        {
            var nicks = new List<string>();
            string after = "";
            while (true)
            {
                CometAnswer page = await alice.GetAsync($"/chat/online/?joins=all&room={room}{after}");
                AssertShort(page);
                Assert.NotNull(page.Id);
                nicks.AddRange(page.Response.EnumerateArray().Select(nick => nick.GetString()!));
                if (!HasMore(page))
                    break;
                after = $"&after={nicks[^1]}";
            }

            Assert.Equal(Enumerable.Range(0, 2000).Select(i => $"person{i}").Append("alice").Order(StringComparer.OrdinalIgnoreCase), nicks);
        }
    }

    // The original client fails at the leave of somebody whom it has never seen.
    [Fact]
    public async Task An_original_client_is_given_the_whole_lobby()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync([.. s_options, "Chat:MaxUnreadPerSession=16384"]);
        CometClient alice = await server.LoginAsync("alice");
        for (int i = 0; i < 2000; i++)
            await server.Room.JoinAsync(new JoinRequest($"person{i}", "192.0.2.1"));
        CometAnswer whole = await alice.GetAsync("/chat/online/");
        Assert.False(HasMore(whole));
        Assert.Equal(2001, whole.Response.GetArrayLength());
        Assert.True(HasMore(await alice.GetAsync("/chat/online/?joins=all")));
    }

    private static async Task<string[]> TalkAsync(CometClient who, string? to = null)
    {
        string[] said = [.. Enumerable.Range(0, Messages).Select(i => $"message {i} {new string('ü', 1000)}")];
        foreach (string text in said)
            Assert.True((await who.SendAsync(text, to: to)).IsOk);
        return said;
    }

    private static void AssertShort(CometAnswer answer)
    {
        Assert.True(answer.IsOk, answer.Body);
        Assert.InRange(Encoding.UTF8.GetByteCount(answer.Body), 1, Most);
    }

    private static bool HasMore(CometAnswer answer) => answer.Json.TryGetProperty("more", out JsonElement more) && more.GetBoolean();
}
