using System.Text.Json;
using ErlChat.Outcomes;
using ErlChat.Sessions;

namespace ErlChat.Web.Tests.Flack;

/// <summary>Chats over both wires: who gets which record, and in which words (docs/flack.md, clauses 3, 5 and 6).</summary>
public sealed class FlackChatTests
{
    [Fact]
    public async Task Every_record_has_its_keys_in_their_order_and_raw_text()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync();
        server.Clock.Advance(TimeSpan.FromMilliseconds(1789));
        const string At = "2026-11-20T07:00:01Z";
        await using FlackWire ann = await FlackWire.LogInAsync(server, "Ann \"Müller\"/😀", "ann-1");
        await ann.SendAsync(new { record = "join_chat", chat_name = "Räume/1" });
        Assert.Equal("""{"record":"chat_state","chat_name":"Räume/1","users":[]}""", await ann.HearAsync());
        Assert.Equal(
            """{"record":"joined","chat_name":"Räume/1","user_name":"Ann \"Müller\"/😀","user_id":"ann-1","""
            + $"\"timestamp\":\"{At}\",\"sequence\":2}}",
            await ann.HearAsync());

        await using FlackWire ben = await FlackWire.LogInAsync(server, "ben", "ben-1");
        await ben.SendAsync(new { record = "join_chat", chat_name = "Räume/1" });
        Assert.Equal(
            """{"record":"chat_state","chat_name":"Räume/1","users":[{"record":"chat_user","""
            + "\"user_name\":\"Ann \\\"Müller\\\"/😀\",\"user_id\":\"ann-1\"}]}",
            await ben.HearAsync());
        string joined =
            $$"""{"record":"joined","chat_name":"Räume/1","user_name":"ben","user_id":"ben-1","timestamp":"{{At}}","sequence":4}""";
        Assert.Equal(joined, await ben.HearAsync());
        Assert.Equal(joined, await ann.HearAsync());

        await ben.TalkAsync("Räume/1", "a/b \t<ü>\ud83d\ude00\\\"");
        string said =
            """{"record":"chat_message","chat_name":"Räume/1","user_id":"ben-1","mime_type":"text/plain","""
            + "\"message\":\"a/b \\t<ü>😀\\\\\\\"\""
            + $$""","timestamp":"{{At}}","sequence":5}""";
        Assert.Equal(said, await ben.HearAsync());
        Assert.Equal(said, await ann.HearAsync());

        await ben.SendAsync(new { record = "leave_chat", chat_name = "Räume/1" });
        string left = $$"""{"record":"left","chat_name":"Räume/1","user_id":"ben-1","timestamp":"{{At}}","sequence":6}""";
        Assert.Equal(left, await ben.HearAsync());
        Assert.Equal(left, await ann.HearAsync());
        await ben.SayAsync("""{"record":"ping"}""");
        Assert.Equal("""{"record":"ping_reply"}""", await ben.HearAsync());
    }

    // The reference client fails at a chat_name that it did not ask for, so a chat keeps the name with which it was joined.
    [Fact]
    public async Task A_renamed_room_keeps_the_name_with_which_each_client_joined_it()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.NoLimits);
        CometClient owner = await server.LoginAsync("owner");
        await owner.PostAsync("/chat/join/", ("room", "den"));
        await using FlackWire ann = await FlackWire.JoinAsync(server, "ann", "den");
        Assert.True((await owner.PostAsync("/chat/room/rename/", ("room", "den"), ("title", "Cellar"))).IsOk);
        await using FlackWire ben = await FlackWire.LogInAsync(server, "ben");
        Assert.Equal(["owner", "ann"], await ben.JoinAsync("cellar"));
        await ben.TalkAsync("cellar", "hello");
        Assert.Equal("cellar", (await ben.UntilAsync("chat_message")).GetProperty("chat_name").GetString());
        Assert.Equal("den", (await ann.UntilAsync("chat_message")).GetProperty("chat_name").GetString());

        // Whatever the room is called meanwhile, and whoever has the name now.
        Assert.True((await owner.PostAsync("/chat/room/rename/", ("room", "den"), ("title", "vault"))).IsOk);
        Assert.True((await owner.PostAsync("/chat/join/", ("room", "cellar"))).IsOk);
        await ben.TalkAsync("cellar", "still here");
        Assert.Equal("still here", (await ann.UntilAsync("chat_message")).GetProperty("message").GetString());
        Assert.Equal("cellar", (await ben.UntilAsync("chat_message")).GetProperty("chat_name").GetString());
        await ben.SendAsync(new { record = "leave_chat", chat_name = "cellar" });
        Assert.Equal("cellar", (await ben.UntilAsync("left")).GetProperty("chat_name").GetString());
        Assert.Equal(["owner"], await ben.JoinAsync("cellar"));
        Assert.All(ann.Seen, record => Assert.DoesNotContain("Cellar", record, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Web_users_and_flack_users_meet_in_the_lobby_with_one_order_and_the_same_sequences()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient web = await server.LoginAsync("webby");
        await using FlackWire ann = await FlackWire.LogInAsync(server, "Ann Müller!");
        Assert.Equal(["webby"], await ann.JoinAsync("lobby"));
        await web.SendAsync("hi <b>");
        await ann.TalkAsync("lobby", "/help is only text here");
        await ann.ExpectAsync("chat_message");
        await ann.ExpectAsync("chat_message");
        await web.SendAsync("/me waves");
        await ann.SendAsync(new { record = "leave_chat", chat_name = "lobby" });
        await ann.UntilAsync("left");

        IReadOnlyList<CometItemView> items = await web.ReadUntilAsync(item => item.Type == "user_left_room");
        Assert.Equal(
            [
                "user_joined_room AnnMller", "sent_chat_msg webby hi <b>", "chat_msg AnnMller /help is only text here",
                "sent_chat_msg webby waves", "user_left_room AnnMller normal",
            ],
            items.Select(item => item.ToString()));
        JsonElement[] records = [.. ann.Seen.Select(text => JsonSerializer.Deserialize<JsonElement>(text))
            .Where(record => record.TryGetProperty("sequence", out _))];
        Assert.Equal(items.Select(item => item.Id), records.Select(record => record.GetProperty("sequence").GetInt64()));
        Assert.Equal(
            ["hi <b>", "/help is only text here", "* webby waves"],
            records.Where(record => record.GetProperty("record").GetString() == "chat_message")
                .Select(record => record.GetProperty("message").GetString()));
        await web.LeaveAsync();
    }

    /// <summary>
    /// Previously, when an administrator typed the command into a flack client, the password was sent to the lobby and stored. It is now
    /// dropped, because this wire has no record for administration.
    /// </summary>
    [Fact]
    public async Task The_administrators_password_is_not_sent_to_the_chat_although_there_are_no_commands()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.AdminPassword);
        CometClient web = await server.LoginAsync("webby");
        await using FlackWire ann = await FlackWire.JoinAsync(server, "ann", "lobby");
        foreach (string typed in new[] { "/auth demopass", " /auth demopass", "/\\u200BAUTH demopass", "\\t//auth demopass" })
            await ann.SayAsync($$"""{"record":"chat_message","chat_name":"lobby","mime_type":"text/plain","message":"{{typed}}"}""");
        await ann.SayAsync("""{"record":"chat_message","chat_name":"lobby","mime_type":"text/plain","message":"hello"}""");
        Assert.Equal("hello", (await ann.ExpectAsync("chat_message")).GetProperty("message").GetString());
        IReadOnlyList<CometItemView> items = await web.ReadUntilAsync(item => item.Type == "chat_msg");
        Assert.Equal(["user_joined_room ann", "chat_msg ann hello"], items.Select(item => item.ToString()));
        Assert.DoesNotContain("demopass", (await web.GetAsync("/chat/history/")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_web_users_join_and_every_kind_of_leave_are_seen_on_the_flack_wire()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.AdminPassword);
        await using FlackWire ann = await FlackWire.JoinAsync(server, "ann", "lobby");
        CometClient admin = await server.LoginAdminAsync("root");
        CometClient web = await server.LoginAsync("webby");
        await ann.ExpectAsync("joined");
        JsonElement joined = await ann.ExpectAsync("joined");
        Assert.Equal("webby", joined.GetProperty("user_name").GetString());
        await admin.SendAsync("/admin kick webby out");
        JsonElement left = await ann.ExpectAsync("left");
        Assert.Equal(joined.GetProperty("user_id").GetString(), left.GetProperty("user_id").GetString());
        await admin.LeaveAsync();
        await ann.ExpectAsync("left");
        await ann.SeeNothingAsync();
        Assert.Equal(Refusal.BadSession, Assert.IsType<Refused>(await server.Room.LeaveAsync(SessionKey.Of(web.Token))).Why);
    }

    [Fact]
    public async Task Nobody_is_impersonated_and_neither_wire_shows_the_others_secrets()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        await using FlackWire ann = await FlackWire.JoinAsync(server, "Ann Müller!", "lobby");
        CometClient thief = server.Stranger();
        Assert.Contains("The nickname is not available.", (await thief.LoginAsync("AnnMller")).Body, StringComparison.Ordinal);
        Assert.Contains("The nickname is not available.", (await thief.LoginAsync("annmller")).Body, StringComparison.Ordinal);

        // The same in the other direction: the web user was there first.
        CometClient web = await server.LoginAsync("BobMller");
        await using FlackWire bob = await FlackWire.JoinAsync(server, "Bob Müller!", "lobby");
        await using FlackWire same = await FlackWire.JoinAsync(server, "BobMller", "lobby");
        await using FlackWire root = await FlackWire.JoinAsync(server, "root", "lobby");
        await using FlackWire signs = await FlackWire.JoinAsync(server, "!?", "lobby");
        string[] online = await web.OnlineAsync();
        Array.Sort(online, StringComparer.Ordinal);
        Assert.Equal(["AnnMller", "BobMller", "BobMller2", "BobMller3", "root", "user"], online);

        await bob.TalkAsync("lobby", "from bob");
        await bob.UntilAsync("chat_message");
        await same.TalkAsync("lobby", "from same");
        while (!same.Seen[^1].Contains("from same", StringComparison.Ordinal))
            await same.HearAsync();
        await web.SendAsync("from web");
        IReadOnlyList<CometItemView> items = await web.ReadUntilAsync(item => item.Text == "from web");
        Assert.Contains("chat_msg BobMller2 from bob", items.Select(item => item.ToString()));
        Assert.Contains("chat_msg BobMller3 from same", items.Select(item => item.ToString()));
        while (!ann.Seen[^1].Contains("from web", StringComparison.Ordinal))
            await ann.HearAsync();

        // Three people with nearly the same name have three user ids.
        JsonElement[] said = [.. ann.Seen.Select(text => JsonSerializer.Deserialize<JsonElement>(text))
            .Where(record => record.GetProperty("record").GetString() == "chat_message")];
        Assert.Equal([bob.UserId, same.UserId], said.Take(2).Select(record => record.GetProperty("user_id").GetString()!));
        Assert.Equal(3, said.Select(record => record.GetProperty("user_id").GetString()).Distinct().Count());
        string comet = string.Concat(items.Select(item => item.Json.GetRawText()));
        foreach (FlackWire wire in new[] { ann, bob, same, root, signs })
            Assert.DoesNotContain(wire.UserId, comet, StringComparison.Ordinal);
        string key = SessionKey.Of(web.Token).ToString();
        foreach (string text in ann.Seen)
        {
            Assert.DoesNotContain(web.Token!, text, StringComparison.Ordinal);
            Assert.DoesNotContain(key, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Goodbye_in_three_chats_causes_a_left_in_each_and_no_member_stays_behind()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.NoLimits);
        await using FlackWire all = await FlackWire.JoinAsync(server, "all", "a", "b", "c", "d");
        await using FlackWire some = await FlackWire.JoinAsync(server, "some", "b", "d");
        await using FlackWire shout = await FlackWire.JoinAsync(server, "shout", "B", "C");
        await using FlackWire ann = await FlackWire.JoinAsync(server, "ann", "a", "b", "c");
        await ann.SayAsync("""{"record":"client_goodbye"}""");
        Assert.Equal("""{"record":"server_goodbye"}""", await ann.HearAsync());
        Assert.Null(await ann.CloseAsync());

        Assert.Equal(["a", "b", "c"], await LeftAsync(all, 3));
        Assert.Equal(["b"], await LeftAsync(some, 1));
        Assert.Equal(["B", "C"], await LeftAsync(shout, 2));
        foreach (FlackWire wire in new[] { all, some, shout })
            await wire.SeeNothingAsync();
        await using FlackWire late = await FlackWire.LogInAsync(server, "late");
        Assert.Equal(["all"], await late.JoinAsync("a"));
        Assert.Equal(["all", "some", "shout"], await late.JoinAsync("b"));

        // Does not stop at the answer to a ping: that may overtake records that are still on their way.
        async Task<string[]> LeftAsync(FlackWire wire, int count)
        {
            var chats = new List<string>();
            while (chats.Count < count)
            {
                JsonElement record = JsonSerializer.Deserialize<JsonElement>(await wire.HearAsync());
                if (record.GetProperty("record").GetString() != "left")
                    continue;
                Assert.Equal(ann.UserId, record.GetProperty("user_id").GetString());
                chats.Add(record.GetProperty("chat_name").GetString()!);
            }

            return [.. chats.Order(StringComparer.Ordinal)];
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lost_connection_leaves_all_chats_at_once(bool reset)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient web = await server.LoginAsync("webby");
        await using FlackWire ben = await FlackWire.JoinAsync(server, "ben", "lobby", "r");
        FlackWire ann = await FlackWire.JoinAsync(server, "ann", "lobby", "r");
        if (reset)
            ann.Reset();
        else
            await ann.DisposeAsync();
        TimeSpan atOnce = TimeSpan.FromSeconds(2);
        Assert.Equal("lobby", (await ben.UntilAsync("left", atOnce)).GetProperty("chat_name").GetString());
        Assert.Equal("r", (await ben.ExpectAsync("left", atOnce)).GetProperty("chat_name").GetString());
        await web.ReadUntilAsync(item => item.ToString() == "user_left_room ann normal");
        Assert.Equal(["ben"], (await server.Room.PeopleAsync("r"))!.People.Select(who => who.Nick));
    }

    [Fact]
    public async Task Each_user_sees_a_chats_name_in_their_own_spelling()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        await using FlackWire ann = await FlackWire.JoinAsync(server, "ann", "Große Halle");
        await using FlackWire ben = await FlackWire.LogInAsync(server, "ben");
        Assert.Equal(["ann"], await ben.JoinAsync("GROßE hALLE"));
        await ben.TalkAsync("große halle", "hi");
        Assert.Equal("GROßE hALLE", (await ben.ExpectAsync("chat_message")).GetProperty("chat_name").GetString());
        await ann.ExpectAsync("joined");
        Assert.Equal("Große Halle", (await ann.ExpectAsync("chat_message")).GetProperty("chat_name").GetString());
        await ben.SendAsync(new { record = "leave_chat", chat_name = "große halle" });
        Assert.Equal("GROßE hALLE", (await ben.ExpectAsync("left")).GetProperty("chat_name").GetString());
        Assert.Equal(["ann"], await ben.JoinAsync("große halle"));
        Assert.Equal("Große Halle", (await ann.UntilAsync("left")).GetProperty("chat_name").GetString());
        Assert.Equal("Große Halle", (await ann.UntilAsync("joined")).GetProperty("chat_name").GetString());
    }

    [Fact]
    public async Task Events_without_a_record_on_this_wire_are_not_sent_and_a_muted_users_messages_are_dropped()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.AdminPassword);
        CometClient admin = await server.LoginAdminAsync("root");
        await using FlackWire ann = await FlackWire.JoinAsync(server, "ann", "lobby");
        await admin.SendAsync("psst", to: "ann");
        await admin.SendAsync("/topic something");
        await admin.SendAsync("/admin mute ann 60");
        await ann.TalkAsync("lobby", "muted");
        await ann.SeeNothingAsync();
        await admin.SendAsync("/admin mute ann 0");
        await ann.TalkAsync("lobby", "free");
        Assert.Equal("free", (await ann.ExpectAsync("chat_message")).GetProperty("message").GetString());
        await admin.SendAsync("/admin kick ann out");
        Assert.Equal(1008, await ann.CloseAsync());
    }

    [Fact]
    public async Task The_number_of_chats_per_session_is_limited()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync("Chat:MaxRoomsPerSession=2");
        await using FlackWire ann = await FlackWire.JoinAsync(server, "ann", "a", "b");
        await ann.SendAsync(new { record = "join_chat", chat_name = "c" });
        Assert.Equal(1008, await ann.CloseAsync());
    }
}
