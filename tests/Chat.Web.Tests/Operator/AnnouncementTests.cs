using ErlChat.Web.Tests.Flack;

namespace ErlChat.Web.Tests.Operator;

/// <summary>An announcement by the operator to everybody, such as a planned restart of the server.</summary>
public sealed class AnnouncementTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Everybody_gets_it_once_in_any_room_and_it_is_in_no_history(bool fromThePage)
    {
        await using ChatServerHost server = await StartAsync();
        CometClient admin = await server.LoginAdminAsync("boss");
        CometClient bob = await server.LoginAsync("bob");
        foreach (string room in (string[])["dev", "ops"])
            Assert.True((await bob.PostAsync("/chat/join/", ("room", room))).IsOk);
        await bob.ReadUntilAsync(item => item.Room == "ops");
        Task<IReadOnlyList<CometItemView>> parked = bob.ReadAsync();
        await server.ParkedAsync(1);

        const string text = "Restart at 18:00 <b>sharp</b> & back at 18:05";
        CometAnswer said = fromThePage
            ? await admin.PostAsync("/admin/announce/", ("text", $" {text}\n"))
            : await admin.SendAsync("/admin announce " + text);
        Assert.True(said.IsOk, said.Body);
        CometItemView heard = Assert.Single(await parked);
        Assert.Equal(("system_msg", "Announcement: " + text), (heard.Type, heard.Text));

        // The text is escaped for clients of 2009, which insert it as HTML.
        Assert.Equal("Announcement: Restart at 18:00 &lt;b&gt;sharp&lt;/b&gt; &amp; back at 18:05", heard.Data.GetString());
        IReadOnlyList<CometItemView> own = await admin.ReadUntilAsync(item => item.Text == "Announcement: " + text);
        Assert.Single(own, item => item.Text.StartsWith("Announcement", StringComparison.Ordinal));

        CometClient later = await server.LoginAsync("later");
        Assert.DoesNotContain("Restart", (await later.GetAsync("/chat/history/?room=lobby")).Body, StringComparison.Ordinal);
        Assert.DoesNotContain("Restart", (await bob.GetAsync("/chat/search/?q=Restart")).Body, StringComparison.Ordinal);
    }

    // The flack wire has no record for system messages: the client does not get the announcement and is not disturbed by it.
    [Fact]
    public async Task A_flack_client_is_not_affected()
    {
        await using ChatServerHost server = await StartAsync();
        CometClient admin = await server.LoginAdminAsync("boss");
        await using FlackWire roomless = await FlackWire.LogInAsync(server, "Roomless");
        await using FlackWire ann = await FlackWire.JoinAsync(server, "Ann", "den");
        Assert.True((await admin.PostAsync("/admin/announce/", ("text", "Restart"))).IsOk);
        await ann.TalkAsync("den", "still here");
        await ann.ExpectAsync("chat_message");
        Assert.DoesNotContain(ann.Seen, record => record.Contains("Restart", StringComparison.Ordinal));
        Assert.Empty(await roomless.JoinAsync("attic"));
    }

    [Fact]
    public async Task It_follows_the_rules_for_texts_and_is_never_the_password()
    {
        await using ChatServerHost server = await StartAsync();
        CometClient admin = await server.LoginAdminAsync("boss");
        long head = server.Office.Head;
        (string Text, string Error)[] bad =
        [
            ("", "bad_text"), (" \u200b\n", "bad_text"), ("a\u0007b", "bad_text"),
            (new string('x', 2001), "too_long"), ("/auth demopass", "secret"),
        ];
        foreach ((string text, string error) in bad)
            Assert.Equal(error, (await admin.PostAsync("/admin/announce/", ("text", text))).Error);
        Assert.Equal("bad_text", (await admin.PostAsync("/admin/announce/")).Error);
        Assert.Equal(head, server.Office.Head);
        Assert.Equal("Unknown admin command. Type /admin help.", await admin.AskAsync("/admin announce"));
        CometClient bob = await server.LoginAsync("bob");
        Assert.Equal("Invalid command or format.", await bob.AskAsync("/admin announce hello"));
    }

    [Fact]
    public async Task It_counts_as_a_message()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync(ChatServerHost.AdminPassword, "Chat:RateLimitCount=3");
        CometClient admin = await server.LoginAdminAsync("boss");
        CometAnswer[] answers = [await Announce(), await Announce(), await Announce()];
        Assert.Equal([null, null, "rate_limited"], answers.Select(answer => answer.Error));
        Assert.True(answers[2].Json.TryGetProperty("retry_after", out _));

        Task<CometAnswer> Announce() => admin.PostAsync("/admin/announce/", ("text", "hello"));
    }

    [Fact]
    public async Task It_is_in_the_log_and_replayed_at_the_next_start()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("erlchat-");
        try
        {
            string[] options = [ChatServerHost.AdminPassword, "Log:Kind=Sqlite", $"Log:Path={Path.Combine(folder.FullName, "chat.db")}"];
            CometClient bob;
            await using (ChatServerHost server = await ChatServerHost.StartAsync(options))
            {
                CometClient admin = await server.LoginAdminAsync("boss");
                bob = await server.LoginAsync("bob");
                Assert.True((await admin.PostAsync("/admin/announce/", ("text", "Restart"))).IsOk);
            }

            // A user who had not read it yet reads it after the restart.
            await using (ChatServerHost server = await ChatServerHost.StartAsync(options))
            {
                CometClient again = server.Stranger("bob");
                (again.Token, again.Cursor) = (bob.Token, bob.Cursor);
                Assert.Contains(await again.ReadAsync(), item => item.Text == "Announcement: Restart");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Task<ChatServerHost> StartAsync() =>
        ChatServerHost.StartAsync([.. ChatServerHost.NoLimits, ChatServerHost.AdminPassword]);
}
