using System.Text.Json;
using System.Text.RegularExpressions;
using ErlChat.Web.Tests.Flack;

namespace ErlChat.Web.Tests.PrivateRooms;

/// <summary>
/// Every door and every call against every standing in a private room. Those who are not in it get, to the byte, what they get for a room
/// that does not exist. Only entering differs: the name cannot be used.
/// </summary>
public sealed partial class PrivateRoomMatrixTests
{
    private const string Vault = "vault";
    private const string Nowhere = "dummy";

    /// <summary>What members call the room once it is renamed.</summary>
    private const string Crypt = "crypt";

    /// <summary>What only members may ever see, besides the room's name.</summary>
    private static readonly string[] s_secrets = ["treasure", "gold"];

    /// <summary>Calls that answer themselves. <c>{0}</c> is the room.</summary>
    private static readonly string[] s_reads =
    [
        "/chat/online/?room={0}", "/chat/online/?room={0}&joins=all", "/chat/online/?room={0}&after=a", "/chat/history/?room={0}",
        "/chat/history/?room={0}&around=1", "/chat/search/?q=treasure&room={0}", "/chat/room/?room={0}", "/chat/changes/?room={0}",
    ];

    private static readonly (string Path, (string, string)[] Fields)[] s_posts =
    [
        ("/chat/part/", []),
        ("/chat/send_msg/", [("msg", "hello")]),
        ("/chat/send_msg/", [("msg", "/me waves")]),
        ("/chat/room/change/", [("private", "0")]),
        ("/chat/room/change/", [("locked", "1"), ("slow", "5")]),
        ("/chat/room/change/", [("archived", "1")]),
        ("/chat/room/invite/", [("nick", "stranger")]),
        ("/chat/room/uninvite/", [("nick", "invited")]),
        ("/chat/room/role/", [("nick", "member"), ("role", "moderator")]),
        ("/chat/room/role/", [("nick", "admin"), ("role", "owner")]),
        ("/chat/room/kick/", [("nick", "member")]),
        ("/chat/room/rename/", [("title", "other")]),
        ("/chat/room/link/", []),
        ("/chat/room/unlink/", [("id", "0123456789abcdef")]),
        ("/chat/preferences/", [("muted", "1"), ("joins", "off")]),
    ];

    /// <summary>Commands that are answered by mail, typed in the room.</summary>
    private static readonly string[] s_commands =
    [
        "/users", "/topic", "/topic mine", "/me waves", "/room", "/room public", "/room private", "/room lock", "/room archive",
        "/room slow 5", "/invite stranger", "/uninvite invited", "/moderator member", "/owner admin", "/kick member", "/rename other",
        "/leave",
    ];

    /// <summary>Reads that name no room.</summary>
    private static readonly string[] s_overviews =
    [
        "/chat/rooms/", "/chat/rooms/?limit=1", "/chat/rooms/?after=uzz", "/chat/search/?q=treasure", "/chat/search/?q=gold",
        "/chat/history/", "/chat/history/?with=*", "/chat/history/?with=owner", "/chat/online/",
        "/chat/changes/", "/chat/changes/?with=*",
        "/chat/export/", "/admin/export/?nick=owner",
    ];

    [Theory]
    [InlineData("stranger", Vault)]
    [InlineData("invited", Vault)]
    [InlineData("admin", Vault)]
    [InlineData("stranger", Crypt)]
    [InlineData("invited", Crypt)]
    [InlineData("admin", Crypt)]
    public async Task For_those_who_are_not_in_it_a_private_room_does_not_exist(string who, string name)
    {
        await using ChatServerHost server = await StartAsync();
        Dictionary<string, CometClient> all = await CastAsync(server, isRenamed: name == Crypt);
        CometClient one = all[who];
        string before = (await all["owner"].GetAsync("/chat/room/?room=" + Vault)).Body;

        foreach (string read in s_reads)
            Same(name, read, (await one.GetAsync(Fill(read, name))).Body, (await one.GetAsync(Fill(read, Nowhere))).Body);
        foreach ((string path, (string, string)[] fields) in s_posts)
        {
            Same(
                name,
                $"{path} {string.Join(' ', fields)}",
                (await one.PostAsync(path, [("room", name), .. fields])).Body,
                (await one.PostAsync(path, [("room", Nowhere), .. fields])).Body);
        }

        foreach (string command in s_commands)
            Same(name, command, await one.AskAsync(command, name), await one.AskAsync(command, Nowhere));
        foreach (string overview in s_overviews)
            NothingIn(overview, (await one.GetAsync(overview)).Body);
        string me = (await one.GetAsync("/chat/me/")).Body;
        Assert.Equal(who == "invited", me.Contains(name, StringComparison.Ordinal));

        // Nothing of all this had an effect.
        Assert.Equal(before, (await all["owner"].GetAsync("/chat/room/?room=" + Vault)).Body);
    }

    [Theory]
    [InlineData("owner")]
    [InlineData("member")]
    public async Task For_its_members_a_private_room_is_a_room(string who)
    {
        await using ChatServerHost server = await StartAsync();
        CometClient one = (await CastAsync(server))[who];
        Assert.Equal(["member", "owner"], (await one.OnlineAsync(Vault)).Order());
        Assert.Contains("treasure", (await one.GetAsync("/chat/history/?room=" + Vault)).Body, StringComparison.Ordinal);
        Assert.Contains("treasure", (await one.GetAsync("/chat/search/?q=treasure&room=" + Vault)).Body, StringComparison.Ordinal);
        Assert.Contains("treasure", (await one.GetAsync("/chat/search/?q=treasure")).Body, StringComparison.Ordinal);
        Assert.Contains(
            """{"name":"vault","topic":"about gold","members":2,"private":true}""",
            (await one.GetAsync("/chat/rooms/")).Body,
            StringComparison.Ordinal);
        JsonElement details = (await one.GetAsync("/chat/room/?room=" + Vault)).Response;
        Assert.Equal("owner", details.GetProperty("owner").GetString());
        Assert.Equal(who, details.GetProperty("role").GetString());
        Assert.Equal(who == "owner" ? 1 : 0, details.GetProperty("invited").GetArrayLength());
        Assert.Equal("People in vault: owner, member", await one.AskAsync("/users", Vault));
        Assert.Equal("The topic of vault is: about gold", await one.AskAsync("/topic", Vault));
    }

    // Neither the address of a renamed room nor its title is free, and it cannot be told from any other name that is taken.
    [Fact]
    public async Task Both_names_of_a_renamed_room_are_taken_and_say_no_more()
    {
        await using ChatServerHost server = await StartAsync();
        Dictionary<string, CometClient> all = await CastAsync(server, isRenamed: true);
        foreach (string who in new[] { "stranger", "admin" })
        {
            Assert.True((await all[who].PostAsync("/chat/join/", ("room", "den-" + who))).IsOk);
            foreach (string name in new[] { Vault, Crypt, "VAULT", "Crypt", "vau1t" })
            {
                Assert.Equal("name_not_free", (await all[who].PostAsync("/chat/join/", ("room", name))).Error);
                Assert.Equal("name_not_free", (await all[who].PostAsync("/chat/join/", ("room", name), ("private", "1"))).Error);
                (string, string)[] rename = [("room", "den-" + who), ("title", name)];
                Assert.Equal("name_not_free", (await all[who].PostAsync("/chat/room/rename/", rename)).Error);
            }
        }

        foreach (string name in new[] { Vault, Crypt })
        {
            await using FlackWire stranger = await FlackWire.LogInAsync(server, "Stan");
            await stranger.SendAsync(new { record = "join_chat", chat_name = name });
            Assert.Equal(1008, await stranger.CloseAsync());
        }

        string rooms = (await all["admin"].GetAsync("/admin/rooms/")).Body;
        Assert.Contains("""{"name":"vault","topic":"","members":2,"private":true}""", rooms, StringComparison.Ordinal);
        Assert.True((await all["invited"].PostAsync("/chat/join/", ("room", Crypt))).IsOk);
    }

    [Fact]
    public async Task Only_the_invited_can_enter_and_the_name_is_free_for_nobody()
    {
        await using ChatServerHost server = await StartAsync();
        Dictionary<string, CometClient> all = await CastAsync(server);
        foreach (string who in new[] { "stranger", "admin" })
        {
            Assert.Equal("name_not_free", (await all[who].PostAsync("/chat/join/", ("room", Vault))).Error);
            Assert.Equal("name_not_free", (await all[who].PostAsync("/chat/join/", ("room", "VAULT"), ("private", "1"))).Error);

            // Nor a name that looks like it.
            Assert.Equal("name_not_free", (await all[who].PostAsync("/chat/join/", ("room", "vau1t"))).Error);
            Assert.Equal(
                "You cannot use the name vault. If that is a private room, you need an invitation.",
                await all[who].AskAsync("/join vault", "lobby"));
        }

        Assert.Contains(
            """{"room":"vault","topic":"about gold","users":["owner","member","invited"]}""",
            (await all["invited"].PostAsync("/chat/join/", ("room", Vault))).Body,
            StringComparison.Ordinal);
        Assert.True((await all["owner"].PostAsync("/chat/room/kick/", ("room", Vault), ("nick", "invited"), ("reason", "too loud"))).IsOk);
        CometItemView parted = (await all["invited"].ReadUntilAsync(item => item.Kind == "parted"))[^1];
        Assert.Equal("owner has removed you from vault: too loud", parted.Text);
        Assert.Equal("name_not_free", (await all["invited"].PostAsync("/chat/join/", ("room", Vault))).Error);
        Assert.Equal("not_in_room", (await all["invited"].GetAsync("/chat/history/?room=" + Vault)).Error);
    }

    // A user who leaves everything is announced once to each, with all rooms, so this is where names could leak.
    [Fact]
    public async Task The_mail_of_others_never_names_the_room()
    {
        await using ChatServerHost server = await StartAsync();
        Dictionary<string, CometClient> all = await CastAsync(server);
        await using FlackWire flack = await FlackWire.JoinAsync(server, "Flo", "den");
        Assert.True((await all["owner"].PostAsync("/chat/join/", ("room", "den"))).IsOk);
        Assert.True((await all["owner"].SendAsync("the treasure is near, stranger and admin", Vault)).IsOk);
        Assert.True((await all["owner"].SendAsync("/room lock", Vault)).IsOk);
        Assert.True((await all["owner"].LeaveAsync()).IsOk);

        foreach (string who in new[] { "stranger", "invited", "admin" })
        {
            IReadOnlyList<CometItemView> seen = await all[who].ReadUntilAsync(item => item.Type == "user_left_room");
            Assert.All(
                seen.Where(item => !item.Text.Contains("invites you", StringComparison.Ordinal)),
                item => NothingIn(who, item.Json.GetRawText()));
            Assert.Contains("\"rooms\":[\"lobby\",\"den\"]", seen[^1].Json.GetRawText(), StringComparison.Ordinal);
        }

        await flack.UntilAsync("left");
        Assert.All(flack.Seen, record => NothingIn("flack", record));
        IReadOnlyList<CometItemView> members = await all["member"].ReadUntilAsync(item => item.Type == "user_left_room");
        Assert.Contains("\"rooms\":[\"lobby\",\"vault\",\"den\"]", members[^1].Json.GetRawText(), StringComparison.Ordinal);

        // The owner is gone for good, and nobody else could invite.
        Assert.Equal(
            "member", (await all["member"].GetAsync("/chat/room/?room=" + Vault)).Response.GetProperty("owner").GetString());
    }

    [Fact]
    public async Task Over_flack_it_is_closed_to_strangers_and_open_to_the_invited()
    {
        await using ChatServerHost server = await StartAsync();
        Dictionary<string, CometClient> all = await CastAsync(server);
        await using (FlackWire stranger = await FlackWire.LogInAsync(server, "Stan"))
        {
            await stranger.SendAsync(new { record = "join_chat", chat_name = Vault });
            Assert.Equal(1008, await stranger.CloseAsync());
            Assert.DoesNotContain(stranger.Seen, record => record.Contains("chat_state", StringComparison.Ordinal));
        }

        foreach (string record in new[] { "leave_chat", "chat_message" })
            Assert.Equal(await FlackErrorAsync(server, record, Nowhere), await FlackErrorAsync(server, record, Vault));

        await using FlackWire guest = await FlackWire.LogInAsync(server, "Guest");
        Assert.True((await all["owner"].PostAsync("/chat/room/invite/", ("room", Vault), ("nick", "Guest"))).IsOk);
        Assert.Equal(["owner", "member"], await guest.JoinAsync(Vault));
        Assert.True((await all["owner"].SendAsync("more gold", Vault)).IsOk);
        Assert.Equal("more gold", (await guest.UntilAsync("chat_message")).GetProperty("message").GetString());

        // To others it looks as if the guest had left; the guest hears that it has.
        Assert.True((await all["owner"].PostAsync("/chat/room/kick/", ("room", Vault), ("nick", "Guest"))).IsOk);
        Assert.Equal(guest.UserId, (await guest.UntilAsync("left")).GetProperty("user_id").GetString());
        Assert.True((await all["owner"].SendAsync("and silver", Vault)).IsOk);
        await guest.JoinAsync("den");
        Assert.DoesNotContain(guest.Seen, record => record.Contains("silver", StringComparison.Ordinal));
    }

    // A room made over flack may have a name that the web door does not allow for new rooms, but for existing ones.
    [Fact]
    public async Task A_name_that_only_flack_allows_does_not_tell_either()
    {
        await using ChatServerHost server = await StartAsync();
        CometClient stranger = await server.LoginAsync("stranger");
        CometClient owner = await server.LoginAsync("owner");
        await using FlackWire flack = await FlackWire.JoinAsync(server, "Flo", "two words");
        Assert.Equal("bad_room_name", (await stranger.PostAsync("/chat/join/", ("room", "no words"))).Error);
        Assert.True((await owner.PostAsync("/chat/join/", ("room", "two words"))).IsOk);
        Outcomes.Outcome made = await server.Room.Moderation
            .ChangeAsync(server.Room.FindNick("Flo")!.Key, "two words", new Rooms.RoomChange(Private: true)).WithinAsync();
        Assert.IsType<Outcomes.Accepted>(made, exactMatch: false);
        Assert.Equal("bad_room_name", (await stranger.PostAsync("/chat/join/", ("room", "two words"))).Error);
        foreach (string text in new[] { "/users", "/topic", "hello" })
            Assert.Equal((await stranger.SendAsync(text, "no words")).Body, (await stranger.SendAsync(text, "two words")).Body);
        Assert.True((await owner.SendAsync("hello", "two words")).IsOk);
    }

    [Fact]
    public async Task Operators_see_its_name_and_not_its_content()
    {
        await using ChatServerHost server = await StartAsync();
        Dictionary<string, CometClient> all = await CastAsync(server);
        string rooms = (await all["admin"].GetAsync("/admin/rooms/")).Body;
        Assert.Contains("""{"name":"vault","topic":"","members":2,"private":true}""", rooms, StringComparison.Ordinal);
        Assert.DoesNotContain("gold", rooms, StringComparison.Ordinal);
        Assert.Equal("not_in_room", (await all["admin"].GetAsync("/chat/history/?room=" + Vault)).Error);
    }

    [Fact]
    public async Task A_room_that_becomes_private_disappears_and_one_that_becomes_public_hides_what_was_said()
    {
        await using ChatServerHost server = await StartAsync();
        Dictionary<string, CometClient> all = await CastAsync(server);
        Assert.True((await all["owner"].PostAsync("/chat/join/", ("room", "den"))).IsOk);
        Assert.Contains("\"den\"", (await all["stranger"].GetAsync("/chat/rooms/")).Body, StringComparison.Ordinal);
        Assert.True((await all["owner"].PostAsync("/chat/room/change/", ("room", "den"), ("private", "1"))).IsOk);
        Assert.DoesNotContain("\"den\"", (await all["stranger"].GetAsync("/chat/rooms/")).Body, StringComparison.Ordinal);

        Assert.True((await all["owner"].PostAsync("/chat/room/change/", ("room", Vault), ("private", "0"))).IsOk);
        Assert.True((await all["stranger"].PostAsync("/chat/join/", ("room", Vault))).IsOk);
        Assert.True((await all["owner"].SendAsync("no more treasure", Vault)).IsOk);
        foreach (string read in new[] { "/chat/history/?room=vault", "/chat/search/?q=treasure&room=vault", "/chat/search/?q=treasure" })
        {
            string body = (await all["stranger"].GetAsync(read)).Body;
            Assert.Contains("no more treasure", body, StringComparison.Ordinal);
            Assert.DoesNotContain("the treasure", body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_private_room_without_members_ends_with_its_rules()
    {
        await using ChatServerHost server = await StartAsync();
        Dictionary<string, CometClient> all = await CastAsync(server);
        Assert.True((await all["member"].PostAsync("/chat/part/", ("room", Vault))).IsOk);
        Assert.True((await all["owner"].PostAsync("/chat/part/", ("room", Vault))).IsOk);
        Assert.True((await all["stranger"].PostAsync("/chat/join/", ("room", Vault))).IsOk);
        JsonElement details = (await all["stranger"].GetAsync("/chat/room/?room=" + Vault)).Response;
        Assert.Equal(("stranger", ""), (details.GetProperty("owner").GetString(), details.GetProperty("topic").GetString()));
        Assert.DoesNotContain("treasure", (await all["stranger"].GetAsync("/chat/history/?room=" + Vault)).Body, StringComparison.Ordinal);
        Assert.DoesNotContain("vault", (await all["invited"].GetAsync("/chat/me/")).Body, StringComparison.Ordinal);
    }

    private static Task<ChatServerHost> StartAsync() =>
        ChatServerHost.StartAsync([.. ChatServerHost.NoLimits, ChatServerHost.AdminPassword]);

    /// <summary>Logs everybody in, and opens the room: with a topic, a message, two members and an invitation.</summary>
    private static async Task<Dictionary<string, CometClient>> CastAsync(ChatServerHost server, bool isRenamed = false)
    {
        var all = new Dictionary<string, CometClient> { ["admin"] = await server.LoginAdminAsync("admin1") };
        foreach (string who in new[] { "owner", "member", "invited", "stranger" })
            all[who] = await server.LoginAsync(who);
        CometClient owner = all["owner"];
        Assert.True((await owner.PostAsync("/chat/join/", ("room", Vault), ("private", "1"))).IsOk);
        foreach (string who in new[] { "member", "invited" })
            Assert.True((await owner.PostAsync("/chat/room/invite/", ("room", Vault), ("nick", who))).IsOk);
        Assert.True((await all["member"].PostAsync("/chat/join/", ("room", Vault))).IsOk);
        Assert.True((await owner.SendAsync("/topic about gold", Vault)).IsOk);
        Assert.True((await owner.SendAsync("the treasure", Vault)).IsOk);
        if (isRenamed)
            Assert.True((await owner.PostAsync("/chat/room/rename/", ("room", Vault), ("title", Crypt))).IsOk);
        foreach (CometClient one in all.Values)
            one.Cursor = server.Office.Head + 1;
        return all;
    }

    /// <summary>How flack answers a request about a chat that the client has not joined.</summary>
    private static async Task<string> FlackErrorAsync(ChatServerHost server, string record, string chat)
    {
        await using FlackWire wire = await FlackWire.LogInAsync(server, "Someone");
        await wire.SendAsync(new { record, chat_name = chat, mime_type = "text/plain", message = "hello" });
        return await wire.ErrorAsync();
    }

    private static string Fill(string pattern, string room) => pattern.Replace("{0}", room, StringComparison.Ordinal);

    private static void Same(string name, string what, string secret, string nothing)
    {
        string expected = Numbers().Replace(nothing.Replace(Nowhere, name, StringComparison.Ordinal), "N");
        Assert.True(expected == Numbers().Replace(secret, "N"), $"{what}: {secret} differs from {nothing}");
    }

    private static void NothingIn(string what, string text) => Assert.All(
        [Vault, Crypt, .. s_secrets],
        secret => Assert.False(text.Contains(secret, StringComparison.OrdinalIgnoreCase), $"{what}: {text}"));

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Numbers();
}
