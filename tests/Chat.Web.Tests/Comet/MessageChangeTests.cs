using System.Globalization;
using System.Text.Json;
using ErlChat.Web.Tests.Flack;

namespace ErlChat.Web.Tests.Comet;

/// <summary>Editing and deleting messages over HTTP, with the history in memory and with that of a database.</summary>
public sealed class MessageChangeTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("erlchat-messages-");

    /// <summary>The kinds of logs that these tests run with.</summary>
    public static TheoryData<string> Logs => ["Memory", "Sqlite"];

    [Theory]
    [MemberData(nameof(Logs))]
    public async Task An_edited_message_has_the_new_text_everywhere(string log)
    {
        await using ChatServerHost server = await StartAsync(log);
        (CometClient amy, CometClient bob) = (await server.LoginAsync("amy"), await server.LoginAsync("bob"));
        long id = await SayAsync(amy, "frist words");
        await bob.ReadUntilAsync(item => item.Id == id);

        CometAnswer edited = await EditAsync(amy, id, "first <words>");
        Assert.True(edited.Id > id, edited.Body);
        CometAnswer newer = await bob.WaitAsync($"?msg_id={bob.Cursor}&joins=all");
        Assert.Equal(
            $$$"""{"message":{{{id}}},"nick":"amy","msg":"first <words>"}""",
            Assert.Single(newer.Items!).Data.GetRawText());
        Assert.Equal(("message_edited", edited.Id), (newer.Items![0].Type, newer.Items[0].Id));

        // The original's client hears it as a line of the server, with HTML escaped.
        CometItemView old = Assert.Single(await bob.ReadAsync());
        Assert.Equal("system_msg amy corrected a message: first <words>", old.ToString());
        Assert.Equal("amy corrected a message: first &lt;words&gt;", old.Data.GetString());

        JsonElement item = Assert.Single(await HistoryAsync(bob)).Json;
        Assert.Equal($$$"""{"nick":"amy","msg":"first <words>"}""", item.GetProperty("d").GetRawText());
        Assert.Equal(newer.Items[0].Json.GetProperty("at").GetString(), item.GetProperty("edited").GetString());
        await EarlierAsync(await server.LoginAdminAsync("root1"), id, static texts => texts is ["frist words"]);
        string export = (await amy.GetAsync("/chat/export/")).Body;
        Assert.Contains("\"text\":\"first <words>\",\"edited\":\"", export, StringComparison.Ordinal);
        Assert.Contains("\"text\":\"frist words\"}]", export, StringComparison.Ordinal);
        Assert.Single((await bob.GetAsync("/chat/search/?q=first")).Items!);
        Assert.Empty((await bob.GetAsync("/chat/search/?q=frist")).Items!);
    }

    [Theory]
    [MemberData(nameof(Logs))]
    public async Task A_deleted_text_is_gone_and_its_place_stays(string log)
    {
        await using ChatServerHost server = await StartAsync(log);
        (CometClient amy, CometClient bob) = (await server.LoginAsync("amy"), await server.LoginAsync("bob"));
        long before = await SayAsync(amy, "stays");
        long id = await SayAsync(amy, "secretword one");
        await EditAsync(amy, id, "secretword two");
        CometAnswer deleted = await DeleteAsync(amy, id);
        Assert.True(deleted.Id > id, deleted.Body);

        // Whoever has not read it yet gets it without the text.
        CometAnswer unread = await bob.WaitAsync($"?msg_id={bob.Cursor}&joins=all");
        Assert.DoesNotContain("secretword", unread.Body, StringComparison.Ordinal);
        Assert.Equal(
            ["chat_msg amy stays", "chat_msg amy ", "message_edited amy ", "message_removed amy "],
            unread.Items!.Select(item => item.ToString()));
        Assert.True(unread.Items![1].Json.GetProperty("deleted").GetBoolean());
        Assert.Equal($$$"""{"message":{{{id}}},"nick":"amy"}""", unread.Items[3].Data.GetRawText());
        Assert.Equal(
            ["chat_msg amy ", "system_msg amy corrected a message.", "system_msg amy deleted a message."],
            (await bob.ReadAsync()).Skip(1).Select(item => item.ToString()));

        IReadOnlyList<CometItemView> history = await HistoryAsync(bob);
        Assert.Equal([before, id], history.Select(one => one.Id));
        Assert.Equal("chat_msg amy ", history[1].ToString());
        Assert.True(history[1].Json.GetProperty("deleted").GetBoolean());
        Assert.Empty((await bob.GetAsync("/chat/search/?q=secretword")).Items!);
        Assert.DoesNotContain("secretword", (await amy.GetAsync("/chat/export/")).Body, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Logs))]
    public async Task A_repeated_request_is_answered_and_changes_nothing(string log)
    {
        await using ChatServerHost server = await StartAsync(log);
        CometClient amy = await server.LoginAsync("amy");
        long id = await SayAsync(amy, "one");
        CometAnswer first = await EditAsync(amy, id, "two", key: "k");
        await EditAsync(amy, id, "three");
        long head = server.Office.Head;
        Assert.Equal(first.Id, (await EditAsync(amy, id, "two", key: "k")).Id);
        Assert.True((await EditAsync(amy, id, "three")).IsOk);
        Assert.Equal(head, server.Office.Head);
        Assert.Equal("three", (await HistoryAsync(amy))[^1].Text);
        Assert.True((await DeleteAsync(amy, id)).IsOk);
        head = server.Office.Head;
        Assert.True((await DeleteAsync(amy, id)).IsOk);
        Assert.Equal("no_such_message", (await EditAsync(amy, id, "four")).Error);
        Assert.Equal(head, server.Office.Head);
    }

    [Theory]
    [MemberData(nameof(Logs))]
    public async Task A_client_that_was_away_asks_for_what_was_changed(string log)
    {
        await using ChatServerHost server = await StartAsync(log);
        (CometClient amy, CometClient bob) = (await server.LoginAsync("amy"), await server.LoginAsync("bob"));
        long[] ids = [await SayAsync(amy, "one"), await SayAsync(amy, "two"), await SayAsync(amy, "three")];
        long since = ids[2];
        await EditAsync(amy, ids[0], "one!");
        long second = (await EditAsync(amy, ids[1], "two!")).Id!.Value;
        long first = (await EditAsync(amy, ids[0], "one!!")).Id!.Value;
        long third = (await DeleteAsync(amy, ids[2])).Id!.Value;

        CometAnswer all = await bob.GetAsync($"/chat/changes/?since={since}");
        Assert.Equal([second, first, third], all.Items!.Select(item => item.Id));
        Assert.Equal(
            ["message_edited amy two!", "message_edited amy one!!", "message_removed amy "],
            all.Items!.Select(item => item.ToString()));
        Assert.False(all.Json.TryGetProperty("more", out _));
        CometAnswer page = await bob.GetAsync($"/chat/changes/?since={since}&limit=2");
        Assert.Equal([second, first], page.Items!.Select(item => item.Id));
        Assert.True(page.Json.GetProperty("more").GetBoolean());
        Assert.Equal([third], (await bob.GetAsync($"/chat/changes/?since={first}&limit=2")).Items!.Select(item => item.Id));
        Assert.Empty((await bob.GetAsync($"/chat/changes/?since={third}")).Items!);
        Assert.Equal("not_in_room", (await bob.GetAsync("/chat/changes/?room=den")).Error);
        foreach (string query in (string[])["since=-1", "since=x", "limit=0", "limit=201", "with=amy"])
            Assert.Equal("bad_request", (await bob.GetAsync("/chat/changes/?" + query)).Error);
        Assert.Equal("bad_session", (await server.Stranger().GetAsync("/chat/changes/")).Error);
    }

    [Theory]
    [MemberData(nameof(Logs))]
    public async Task A_private_message_changes_for_the_two_and_nobody_else(string log)
    {
        await using ChatServerHost server = await StartAsync(log);
        CometClient amy = await server.LoginAsync("amy"), bob = await server.LoginAsync("bob"), eve = await server.LoginAdminAsync("eve");
        long id = (await amy.SendAsync("secretword", to: "bob")).Id!.Value;
        foreach (CometClient other in (CometClient[])[bob, eve])
        {
            Assert.Equal("no_such_message", (await EditAsync(other, id, "mine")).Error);
            Assert.Equal("no_such_message", (await DeleteAsync(other, id)).Error);
        }

        long edited = (await EditAsync(amy, id, "secretword!")).Id!.Value;
        string amyId = await IdOfAsync(amy), bobId = await IdOfAsync(bob);
        foreach ((CometClient one, string other) in ((CometClient, string)[])[(amy, bobId), (bob, amyId)])
        {
            CometItemView item = (await one.WaitAsync($"?msg_id={edited}&joins=all")).Items![0];
            Assert.Equal(
                $$$"""{"message":{{{id}}},"nick":"amy","msg":"secretword!","with":"{{{other}}}"}""", item.Data.GetRawText());
            Assert.Equal(edited, (await one.GetAsync("/chat/changes/?with=*")).Items![0].Id);
            JsonElement whisper = (await one.GetAsync("/chat/history/?with=*")).Items![^1].Json;
            Assert.True(whisper.TryGetProperty("edited", out _));
            Assert.Equal("secretword!", whisper.GetProperty("data").GetProperty("msg").GetString());
        }

        Assert.Equal("system_msg amy corrected a private message: secretword!", (await bob.ReadAsync())[^1].ToString());
        Assert.Empty((await eve.GetAsync("/chat/changes/?with=*")).Items!);
        Assert.Equal("no_such_message", (await amy.GetAsync($"/chat/edits/?id={id}")).Error);
        Assert.True((await DeleteAsync(amy, id)).IsOk);
        foreach (CometClient one in (CometClient[])[amy, bob])
        {
            JsonElement whisper = (await one.GetAsync("/chat/history/?with=*")).Items![^1].Json;
            Assert.True(whisper.GetProperty("deleted").GetBoolean());
            Assert.Equal("", whisper.GetProperty("data").GetProperty("msg").GetString());
            Assert.Empty((await one.GetAsync("/chat/search/?q=secretword")).Items!);
        }

        await SayAsync(bob, "for all");
        Assert.Equal("chat_msg bob for all", Assert.Single(await eve.ReadAsync()).ToString());
    }

    [Theory]
    [InlineData("author", "edit", null)]
    [InlineData("author", "delete", null)]
    [InlineData("author", "edits", "no_such_message")]
    [InlineData("member", "edit", "no_such_message")]
    [InlineData("member", "delete", "no_such_message")]
    [InlineData("member", "edits", "no_such_message")]
    [InlineData("owner", "edit", "no_such_message")]
    [InlineData("owner", "delete", null)]
    [InlineData("owner", "edits", null)]
    [InlineData("admin", "edit", "no_such_message")]
    [InlineData("admin", "delete", null)]
    [InlineData("admin", "edits", null)]
    [InlineData("stranger", "edit", "no_such_message")]
    [InlineData("stranger", "delete", "no_such_message")]
    [InlineData("stranger", "edits", "no_such_message")]
    [InlineData("nobody", "edit", "bad_session")]
    [InlineData("nobody", "delete", "bad_session")]
    [InlineData("nobody", "edits", "bad_session")]
    public async Task Who_may_do_what_with_a_message_of_a_room(string who, string what, string? error)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync([ChatServerHost.AdminPassword, .. ChatServerHost.NoLimits]);
        Dictionary<string, CometClient> all = await CastAsync(server, "den", isPrivate: false);
        long id = await SayAsync(all["author"], "words", "den");
        await EditAsync(all["author"], id, "new words");
        CometAnswer answer = await DoAsync(all[who], what, id);
        Assert.Equal(error, answer.Error);
        Assert.Equal(error is null, answer.IsOk);
        if (what == "edits" && error is null)
            Assert.Equal("words", Assert.Single(answer.Response.EnumerateArray()).GetProperty("msg").GetString());
        if (what == "delete" && error is null && who != "author")
        {
            CometItemView removed = (await all["member"].WaitAsync($"?msg_id={answer.Id}&joins=all")).Items![0];
            Assert.Equal($$$"""{"message":{{{id}}},"nick":"author","by_moderator":true}""", removed.Data.GetRawText());
            Assert.Equal("den", removed.Room);
            Assert.Equal("system_msg A moderator deleted a message of author.", (await all["member"].ReadUntilAsync(
                item => item.Id == answer.Id))[^1].ToString());
        }
    }

    // In memory, nothing is left of a room that has ended.
    [Fact]
    public async Task Who_makes_a_public_room_again_has_no_rights_over_its_old_messages()
    {
        await using ChatServerHost server = await StartAsync("Sqlite");
        Dictionary<string, CometClient> all = await CastAsync(server, "den", isPrivate: false);
        long id = await SayAsync(all["author"], "words", "den");
        await EditAsync(all["author"], id, "new words");
        foreach (string nick in (string[])["owner", "author", "member"])
            Assert.True((await all[nick].PostAsync("/chat/part/", ("room", "den"))).IsOk);
        Assert.True((await all["stranger"].PostAsync("/chat/join/", ("room", "den"))).IsOk);
        Assert.Equal("no_such_message", (await DoAsync(all["stranger"], "edits", id)).Error);
        Assert.Equal("no_such_message", (await DoAsync(all["stranger"], "delete", id)).Error);
        Assert.True((await DoAsync(all["admin"], "edits", id)).IsOk);
        Assert.True((await DoAsync(all["admin"], "delete", id)).IsOk);
    }

    // A database has the nick until it is rewritten.
    [Theory]
    [MemberData(nameof(Logs))]
    public async Task A_deletion_does_not_bring_back_the_nick_of_an_erased_person(string log)
    {
        await using ChatServerHost server = await StartAsync(log);
        CometClient amy = await server.LoginAsync("amy"), root = await server.LoginAdminAsync("root1");
        long id = await SayAsync(amy, "words");
        Assert.True((await amy.PostAsync("/chat/erase/", ("confirm", "yes"))).IsOk);
        CometAnswer deleted = await DeleteAsync(root, id);
        CometItemView removed = (await root.WaitAsync($"?msg_id={deleted.Id}&joins=all")).Items![0];
        Assert.Equal($$$"""{"message":{{{id}}},"nick":"[deleted]","by_moderator":true}""", removed.Data.GetRawText());
    }

    // A message in a private room is answered, to the byte, like one that does not exist.
    [Fact]
    public async Task Nobody_learns_of_messages_in_private_rooms()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync([ChatServerHost.AdminPassword, .. ChatServerHost.NoLimits]);
        Dictionary<string, CometClient> all = await CastAsync(server, "vault", isPrivate: true);
        long id = await SayAsync(all["author"], "treasure", "vault");
        long topic = (await SayAsync(all["author"], "later", "vault")) + 1;
        foreach (string who in (string[])["stranger", "admin"])
        {
            foreach (string what in (string[])["edit", "delete", "edits"])
            {
                string nothing = (await DoAsync(all[who], what, 1_000_000)).Body;
                Assert.Equal(nothing, (await DoAsync(all[who], what, id)).Body);
                Assert.Equal(nothing, (await DoAsync(all[who], what, topic)).Body);
            }

            Assert.Equal(
                (await all[who].GetAsync("/chat/changes/?room=nowhere")).Body, (await all[who].GetAsync("/chat/changes/?room=vault")).Body);
        }

        Assert.True((await DoAsync(all["owner"], "delete", id)).IsOk);
    }

    [Theory]
    [InlineData("", "bad_text")]
    [InlineData("  \u2060 ", "bad_text")]
    [InlineData("bell \u0007", "bad_text")]
    [InlineData("/auth demopass", "secret")]
    [InlineData("long", "too_long")]
    public async Task The_rules_for_texts_are_those_of_messages(string text, string error)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync("Chat:MaxMessageLength=30", ChatServerHost.AdminPassword);
        CometClient amy = await server.LoginAsync("amy");
        long id = await SayAsync(amy, "words");
        long head = server.Office.Head;
        Assert.Equal(error, (await EditAsync(amy, id, text == "long" ? new string('x', 31) : text)).Error);
        Assert.Equal(head, server.Office.Head);
        Assert.True((await EditAsync(amy, id, "/me is no command here")).IsOk);
        Assert.Equal("chat_msg amy /me is no command here", (await HistoryAsync(amy))[^1].ToString());
    }

    [Theory]
    [InlineData("/chat/edit_msg/")]
    [InlineData("/chat/delete_msg/")]
    public async Task Bad_ids_and_keys_are_refused(string path)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.NoLimits);
        CometClient amy = await server.LoginAsync("amy");
        long id = await SayAsync(amy, "words");
        foreach (string bad in (string[])["", "x", "-1", "0", "1.5", "99999999999999999999", "9223372036854775807"])
            Assert.Equal("bad_request", (await amy.PostAsync(path, ("id", bad), ("msg", "new"))).Error);
        Assert.Equal("bad_request", (await amy.PostAsync(path, ("msg", "new"))).Error);
        Assert.Equal("no_such_message", (await amy.PostAsync(path, ("id", "9223372036854775806"), ("msg", "new"))).Error);
        string text = id.ToString(CultureInfo.InvariantCulture);
        Assert.Equal("bad_key", (await amy.PostAsync(path, ("id", text), ("msg", "new"), ("key", new string('k', 65)))).Error);
        Assert.Equal("words", (await HistoryAsync(amy))[^1].Text);
    }

    [Fact]
    public async Task Edits_and_deletions_cost_as_much_as_messages()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync("Chat:RateLimitCount=5");
        CometClient amy = await server.LoginAsync("amy");
        long id = await SayAsync(amy, "words");
        for (int i = 0; i < 4; i++)
            Assert.True((await EditAsync(amy, id, $"words {i}")).IsOk);
        Assert.Equal("rate_limited", (await EditAsync(amy, id, "more")).Error);
        Assert.Equal("rate_limited", (await DeleteAsync(amy, id)).Error);
        Assert.Equal("words 3", (await HistoryAsync(amy))[^1].Text);
    }

    // The wire of flack has no words for it.
    [Fact]
    public async Task Flack_hears_the_corrected_text_as_a_message_and_nothing_of_a_deletion()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync([ChatServerHost.AdminPassword, .. ChatServerHost.NoLimits]);
        CometClient amy = await server.LoginAsync("amy"), root = await server.LoginAdminAsync("root1");
        await using FlackWire ann = await FlackWire.LogInAsync(server, "Ann");
        await ann.JoinAsync("lobby");
        string amyId = await IdOfAsync(amy);
        long said = await SayAsync(amy, "frist");
        await amy.SendAsync("/me wavs");
        long acted = (await amy.ReadUntilAsync(item => item.Text == "wavs"))[^1].Id;
        long edited = (await EditAsync(amy, said, "first")).Id!.Value;
        await EditAsync(amy, acted, "waves");
        await DeleteAsync(amy, said);
        await SayAsync(amy, "last");
        var heard = new List<(string, string, long)>();
        while (heard is not [.., ("last", _, _)])
        {
            JsonElement record = await ann.ExpectAsync("chat_message");
            heard.Add((
                record.GetProperty("message").GetString()!,
                record.GetProperty("user_id").GetString()!,
                record.GetProperty("sequence").GetInt64()));
        }

        Assert.Equal(["frist", "* amy wavs", "(edited) first", "(edited) * amy waves", "last"], heard.Select(one => one.Item1));
        Assert.All(heard, one => Assert.Equal(amyId, one.Item2));
        Assert.Equal(edited, heard[2].Item3);

        // A flack user cannot edit, but a moderator can delete what it said.
        await ann.TalkAsync("lobby", "rude");
        CometItemView rude = (await root.ReadUntilAsync(item => item.Text == "rude"))[^1];
        Assert.True((await DeleteAsync(root, rude.Id)).IsOk);
        Assert.Equal("", (await HistoryAsync(amy))[^1].Text);
    }

    [Fact]
    public async Task After_the_window_a_message_is_only_deleted()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync("Chat:EditWindow=00:10:00", "Chat:IdleLimit=01:00:00");
        CometClient amy = await server.LoginAsync("amy");
        long id = await SayAsync(amy, "words");
        server.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.True((await EditAsync(amy, id, "in time")).IsOk);
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("too_old", (await EditAsync(amy, id, "too late")).Error);
        Assert.True((await EditAsync(amy, id, "in time")).IsOk);
        Assert.True((await DeleteAsync(amy, id)).IsOk);
    }

    [Theory]
    [MemberData(nameof(Logs))]
    public async Task Moderators_see_the_newest_earlier_texts_until_the_message_is_deleted(string log)
    {
        await using ChatServerHost server = await StartAsync(log);
        CometClient amy = await server.LoginAsync("amy"), root = await server.LoginAdminAsync("root1");
        long id = await SayAsync(amy, "text 0");
        Assert.Empty((await root.GetAsync($"/chat/edits/?id={id}")).Response.EnumerateArray());
        for (int i = 1; i <= 22; i++)
            await EditAsync(amy, id, $"text {i}");

        string[] earlier = await EarlierAsync(root, id, static texts => texts is [.., "text 21"]);
        Assert.Equal(Enumerable.Range(2, 20).Select(i => $"text {i}"), earlier);
        await DeleteAsync(amy, id);
        await EarlierAsync(root, id, static texts => texts.Length == 0);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Asks for the earlier texts until they are as wanted: a database writes them a moment later.</summary>
    private static async Task<string[]> EarlierAsync(CometClient moderator, long id, Func<string[], bool> wanted)
    {
        for (int i = 0; ; i++)
        {
            JsonElement response = (await moderator.GetAsync($"/chat/edits/?id={id}")).Response;
            string[] texts = [.. response.EnumerateArray().Select(one => one.GetProperty("msg").GetString()!)];
            if (wanted(texts))
                return texts;
            Assert.True(i < 500, string.Join(", ", texts));
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    private Task<ChatServerHost> StartAsync(string log) => ChatServerHost.StartAsync(
    [
        .. log == "Memory" ? [] : (string[])[$"Log:Kind={log}", $"Log:Path={Path.Combine(_folder.FullName, "chat.db")}"],
        ChatServerHost.AdminPassword, .. ChatServerHost.NoLimits,
    ]);

    /// <summary>An owner and two members of a room, a stranger, an administrator who is not in it, and nobody.</summary>
    private static async Task<Dictionary<string, CometClient>> CastAsync(ChatServerHost server, string room, bool isPrivate)
    {
        var all = new Dictionary<string, CometClient>();
        foreach (string nick in (string[])["owner", "author", "member", "stranger"])
            all.Add(nick, await server.LoginAsync(nick));
        all.Add("admin", await server.LoginAdminAsync("admin1"));
        all.Add("nobody", server.Stranger());
        await all["owner"].PostAsync("/chat/join/", isPrivate ? [("room", room), ("private", "1")] : [("room", room)]);
        foreach (string nick in (string[])["author", "member"])
        {
            await all["owner"].PostAsync("/chat/room/invite/", ("room", room), ("nick", nick));
            Assert.True((await all[nick].PostAsync("/chat/join/", ("room", room))).IsOk);
        }

        return all;
    }

    private static Task<CometAnswer> DoAsync(CometClient client, string what, long id) => what switch
    {
        "edit" => EditAsync(client, id, "newest words"),
        "delete" => DeleteAsync(client, id),
        _ => client.GetAsync($"/chat/edits/?id={id}"),
    };

    private static async Task<long> SayAsync(CometClient client, string text, string? room = null) =>
        (await client.SendAsync(text, room)).Id!.Value;

    private static Task<CometAnswer> EditAsync(CometClient client, long id, string text, string? key = null)
    {
        (string, string)[] fields = [("id", id.ToString(CultureInfo.InvariantCulture)), ("msg", text)];
        return client.PostAsync("/chat/edit_msg/", key is null ? fields : [.. fields, ("key", key)]);
    }

    private static Task<CometAnswer> DeleteAsync(CometClient client, long id) =>
        client.PostAsync("/chat/delete_msg/", ("id", id.ToString(CultureInfo.InvariantCulture)));

    private static async Task<IReadOnlyList<CometItemView>> HistoryAsync(CometClient client) =>
        (await client.GetAsync("/chat/history/")).Items!;

    private static async Task<string> IdOfAsync(CometClient client) =>
        (await client.GetAsync("/chat/me/")).Response.GetProperty("user_id").GetString()!;
}
