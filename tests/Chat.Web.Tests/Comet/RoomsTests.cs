namespace ErlChat.Web.Tests.Comet;

/// <summary>Rooms over the comet wire: join, part, rooms, people, history.</summary>
public class RoomsTests
{
    [Fact]
    public async Task Messages_in_a_room_stay_in_it()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        CometClient bob = await server.LoginAsync("bob");
        CometClient carol = await server.LoginAsync("carol");
        foreach (CometClient one in new[] { alice, bob, carol })
            await one.StartAsync();
        CometAnswer joined = await alice.PostAsync("/chat/join/", ("room", "Den-1_x"));
        Assert.StartsWith(
            "{\"status\":\"ok\",\"response\":{\"room\":\"Den-1_x\",\"topic\":\"\",\"users\":[\"alice\"]},\"id\":",
            joined.Body,
            StringComparison.Ordinal);
        Assert.Contains(
            "\"users\":[\"alice\",\"bob\"]", (await bob.PostAsync("/chat/join/", ("room", "den-1_X"))).Body, StringComparison.Ordinal);
        await bob.SendAsync("psst", room: "DEN-1_x");
        await carol.SendAsync("aloud");
        CometAnswer parted = await bob.PostAsync("/chat/part/", ("room", "den-1_x"));
        Assert.True(parted.IsOk);
        Assert.NotNull(parted.Id);
        IReadOnlyList<CometItemView> items = await alice.ReadAsync();
        Assert.Equal(
            [
                "system_msg You are now in Den-1_x. People: alice", "user_joined_room bob", "chat_msg bob psst", "chat_msg carol aloud",
                "user_left_room bob normal",
            ],
            items.Select(item => item.ToString()));
        Assert.Equal(["Den-1_x", "Den-1_x", "Den-1_x", null, "Den-1_x"], items.Select(item => item.Room));
        Assert.Equal("entered", items[0].Kind);
        Assert.Equal(["sent_chat_msg carol aloud"], (await carol.ReadAsync()).Select(item => item.ToString()));
        IReadOnlyList<CometItemView> own = await bob.ReadAsync();
        Assert.Equal(["entered", null, null, "parted"], own.Select(item => item.Kind));
    }

    [Fact]
    public async Task Join_and_part_are_refused_with_reasons()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            [.. ChatServerHost.NoLimits, "Chat:MaxRoomsPerSession=3", "Chat:MaxRooms=3"]);
        CometClient alice = await server.LoginAsync("alice");
        CometClient bob = await server.LoginAsync("bob");
        foreach (string bad in new[] { "", "a b", "é", "a.b", new string('x', 33), "<b>", "a\n", "\ufffe" })
            Assert.Equal("bad_room_name", (await alice.PostAsync("/chat/join/", ("room", bad))).Error);
        Assert.Equal("bad_room_name", (await alice.PostAsync("/chat/join/")).Error);
        Assert.True((await alice.PostAsync("/chat/join/", ("room", new string('x', 32)))).IsOk);
        Assert.Equal("already_in_room", (await alice.PostAsync("/chat/join/", ("room", new string('X', 32)))).Error);
        Assert.Equal("already_in_room", (await alice.PostAsync("/chat/join/", ("room", "LOBBY"))).Error);
        Assert.True((await alice.PostAsync("/chat/join/", ("room", "two"))).IsOk);
        Assert.Equal("too_many_rooms", (await alice.PostAsync("/chat/join/", ("room", "three"))).Error);
        Assert.Equal("too_many_rooms", (await bob.PostAsync("/chat/join/", ("room", "three"))).Error);
        Assert.True((await bob.PostAsync("/chat/join/", ("room", "two"))).IsOk);
        Assert.Equal("home_room", (await alice.PostAsync("/chat/part/", ("room", "lobby"))).Error);
        Assert.Equal("not_in_room", (await alice.PostAsync("/chat/part/", ("room", "three"))).Error);
        Assert.Equal("not_in_room", (await alice.PostAsync("/chat/part/")).Error);
    }

    [Fact]
    public async Task Rooms_are_listed_by_name_with_topic_and_members_and_end_when_the_last_member_leaves()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        CometClient bob = await server.LoginAsync("bob");
        await alice.PostAsync("/chat/join/", ("room", "zoo"));
        await bob.PostAsync("/chat/join/", ("room", "ZOO"));
        await bob.PostAsync("/chat/join/", ("room", "Attic"));
        await alice.SendAsync("/topic lions \"&\" tigers", room: "zoo");
        Assert.Equal(
            "[{\"name\":\"Attic\",\"topic\":\"\",\"members\":1},{\"name\":\"lobby\",\"topic\":\"\",\"members\":2},"
            + "{\"name\":\"zoo\",\"topic\":\"lions \\\"&\\\" tigers\",\"members\":2}]",
            (await alice.GetAsync("/chat/rooms/")).Response.GetRawText());
        await bob.LeaveAsync();
        Assert.Equal(
            ["lobby", "zoo"],
            (await alice.GetAsync("/chat/rooms/")).Response.EnumerateArray().Select(room => room.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task The_people_in_a_room_are_listed()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        CometClient bob = await server.LoginAsync("bob");
        await bob.PostAsync("/chat/join/", ("room", "den"));
        Assert.Equal(["bob"], await alice.OnlineAsync("DEN"));
        Assert.Equal(["bob", "alice"], await alice.OnlineAsync("Lobby"));
        Assert.Equal(["bob", "alice"], await alice.OnlineAsync(""));
        Assert.Equal("no_such_room", (await alice.GetAsync("/chat/online/?room=attic")).Error);
    }

    [Fact]
    public async Task History_is_paged_backwards_from_the_newest_and_only_for_members()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.NoLimits);
        CometClient alice = await server.LoginAsync("alice");
        await alice.PostAsync("/chat/join/", ("room", "den"));
        for (int i = 0; i < 260; i++)
            await alice.SendAsync($"{i}", room: i % 2 == 0 ? "den" : null);
        await alice.SendAsync("/topic tea", room: "den");
        await alice.SendAsync("/me waves", room: "den");

        CometAnswer page = await alice.GetAsync("/chat/history/?room=DEN&limit=3");
        Assert.Equal(
            ["chat_msg alice 258", "system_msg alice set the topic: tea", "chat_msg alice waves"],
            page.Items!.Select(item => item.ToString()));
        Assert.All(page.Items!, item => Assert.Equal("den", item.Room));
        CometAnswer before = await alice.GetAsync($"/chat/history/?room=den&limit=2&before={page.Items![0].Id}");
        Assert.Equal(["254", "256"], before.Items!.Select(item => item.Text));
        Assert.Equal(50, (await alice.GetAsync("/chat/history/")).Items!.Count);
        Assert.Equal(130, (await alice.GetAsync("/chat/history/?limit=200")).Items!.Count);
        Assert.Equal(132, (await alice.GetAsync("/chat/history/?room=den&limit=200&before=9223372036854775807")).Items!.Count);
        Assert.Empty((await alice.GetAsync("/chat/history/?before=0")).Items!);

        CometClient bob = await server.LoginAsync("bob");
        Assert.Equal("not_in_room", (await bob.GetAsync("/chat/history/?room=den")).Error);
        Assert.Equal("not_in_room", (await bob.GetAsync("/chat/history/?room=nowhere")).Error);
        await bob.PostAsync("/chat/join/", ("room", "den"));
        Assert.Equal(132, (await bob.GetAsync("/chat/history/?room=den&limit=200")).Items!.Count);
    }

    /// <summary>What a client missed while it was away, including messages from people that it did not know had written.</summary>
    [Fact]
    public async Task All_private_conversations_of_a_session_are_read_together_page_by_page()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.NoLimits);
        CometClient alice = await server.LoginAsync("alice"), bob = await server.LoginAsync("bob");
        CometClient carol = await server.LoginAsync("carol");
        await alice.SendAsync("to bob", to: "bob");
        await bob.SendAsync("from bob", to: "alice");
        await bob.SendAsync("to the lobby");
        await carol.SendAsync("from carol", to: "alice");
        await bob.SendAsync("not for alice", to: "carol");
        IReadOnlyList<CometItemView> all = (await alice.GetAsync("/chat/history/?with=*")).Items!;
        Assert.Equal(["to bob", "from bob", "from carol"], all.Select(Words));
        IReadOnlyList<CometItemView> page = (await alice.GetAsync($"/chat/history/?with=%2A&limit=1&before={all[^1].Id}")).Items!;
        Assert.Equal(["from bob"], page.Select(Words));
        Assert.Equal(["from carol", "not for alice"], (await carol.GetAsync("/chat/history/?with=*")).Items!.Select(Words));
        Assert.Equal("bad_session", (await server.Stranger().GetAsync("/chat/history/?with=*")).Error);

        static string Words(CometItemView item) => item.Json.GetProperty("data").GetProperty("msg").GetString()!;
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=201")]
    [InlineData("limit=-1")]
    [InlineData("limit=abc")]
    [InlineData("limit=99999999999999999999")]
    [InlineData("before=-1")]
    [InlineData("before=abc")]
    [InlineData("before=9223372036854775808")]
    [InlineData("before=+1")]
    public async Task An_invalid_page_gets_bad_request_with_status_200(string query)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        CometAnswer answer = await alice.GetAsync("/chat/history/?" + query);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("bad_request", answer.Error);
    }

    [Fact]
    public async Task A_user_who_shares_several_rooms_with_a_leaving_user_is_told_once()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        CometClient bob = await server.LoginAsync("bob");
        foreach (string room in new[] { "one", "two" })
        {
            await alice.PostAsync("/chat/join/", ("room", room));
            await bob.PostAsync("/chat/join/", ("room", room));
        }

        await bob.LeaveAsync();
        CometItemView left = (await alice.ReadAsync()).Single(item => item.Type == "user_left_room");
        Assert.Null(left.Room);
        Assert.Equal("[\"lobby\",\"one\",\"two\"]", left.Json.GetProperty("rooms").GetRawText());
    }

    [Fact]
    public async Task The_history_of_a_room_ends_with_the_room()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        await alice.PostAsync("/chat/join/", ("room", "den"));
        await alice.SendAsync("old", room: "den");
        await alice.PostAsync("/chat/part/", ("room", "den"));
        await alice.PostAsync("/chat/join/", ("room", "den"));
        Assert.Empty((await alice.GetAsync("/chat/history/?room=den")).Items!);
    }
}
