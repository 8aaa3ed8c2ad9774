using System.Text.Json;

namespace ErlChat.Web.Tests.Comet;

/// <summary>Members over HTTP: keep a nick, come back with a password on several devices, and see the same on all of them.</summary>
public class MemberTests
{
    private const string Password = "a horse in the rain";

    [Fact]
    public async Task A_guest_keeps_the_nick_with_a_password_and_comes_in_on_a_second_device()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient amy = await server.LoginAsync("amy");
        CometClient laptop = await MemberAsync(server, "bob");
        Assert.True((await laptop.GetAsync("/chat/me/")).Response.GetProperty("member").GetBoolean());

        CometClient phone = await SignInAsync(server, "BOB", Password);
        Assert.Equal("bob", (await phone.GetAsync("/chat/me/")).Response.GetProperty("nick").GetString());
        Assert.Equal(["amy", "bob"], (await amy.OnlineAsync()).Order());

        await laptop.SendAsync("from the laptop");
        await amy.SendAsync("hello both");
        Assert.Equal("sent_chat_msg bob from the laptop", (await laptop.ReadAsync())[0].ToString());
        Assert.Equal("sent_chat_msg bob from the laptop", (await phone.ReadAsync())[0].ToString());

        // Of the second device, others hear nothing. Of the first login, the list has told amy.
        IReadOnlyList<CometItemView> heard = await amy.ReadUntilAsync(item => item.Type == "sent_chat_msg");
        Assert.Equal(["chat_msg", "sent_chat_msg"], heard.Select(item => item.Type));
    }

    [Fact]
    public async Task A_members_nick_is_refused_to_everybody_without_the_password()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient bob = await MemberAsync(server, "bob");
        Assert.True((await bob.LeaveAsync()).IsOk);

        // The client of 2009 gets the words that it knows.
        CometAnswer old = await server.Stranger().LoginAsync("bob");
        Assert.Contains("**  The nickname is not available.", old.Body, StringComparison.Ordinal);
        Assert.Equal("nick_in_use", old.Headers["Chat-Refusal"]);
        CometAnswer page = await LoginAsync(server, ("nick", "bob"), ("keep", "1"));
        Assert.Contains("belongs to a member", page.Body, StringComparison.Ordinal);
        Assert.Contains("<details open>", page.Body, StringComparison.Ordinal);

        foreach (string nick in (string[])["bob", "nobody", "", "b o b", "\u202Ebob"])
        {
            CometAnswer wrong = await LoginAsync(server, ("nick", nick), ("password", "not the password"));
            Assert.Equal(HttpStatusCode.OK, wrong.Status);
            Assert.Equal("wrong_password", wrong.Headers["Chat-Refusal"]);
            Assert.Contains("The nickname or the password is wrong.", wrong.Body, StringComparison.Ordinal);
            Assert.Null(wrong.Token);
        }

        Assert.NotNull((await SignInAsync(server, "bob", Password)).Token);
    }

    [Theory]
    [InlineData("short", "bad_password")]
    [InlineData("bob", "bad_password")]
    [InlineData("", "bad_password")]
    public async Task A_bad_password_is_refused_and_changes_nothing(string password, string error)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient bob = await server.LoginAsync("bob");
        Assert.Equal(error, (await bob.PostAsync("/chat/register/", ("password", password))).Error);
        Assert.Equal(error, (await bob.PostAsync("/chat/register/", ("password", new string('x', 129)))).Error);
        Assert.False((await bob.GetAsync("/chat/me/")).Response.GetProperty("member").GetBoolean());
        Assert.Equal("bad_session", (await server.Stranger().PostAsync("/chat/register/", ("password", Password))).Error);
    }

    [Fact]
    public async Task Private_messages_wait_for_a_member_and_are_on_every_device()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient amy = await server.LoginAsync("amy");
        CometClient bob = await MemberAsync(server, "bob");
        await amy.SendAsync("before", to: "bob");
        Assert.True((await bob.LeaveAsync()).IsOk);
        Assert.True((await amy.SendAsync("while you were away", to: "bob")).IsOk);
        CometClient phone = await SignInAsync(server, "bob", Password);
        CometAnswer history = await phone.GetAsync("/chat/history/?with=*");
        Assert.Equal(
            ["before", "while you were away"],
            history.Response.EnumerateArray().Select(item => item.GetProperty("data").GetProperty("msg").GetString()));
        CometAnswer found = await phone.GetAsync("/chat/search/?q=away");
        Assert.Contains("while you were away", found.Body, StringComparison.Ordinal);

        // Somebody else's eyes see none of it.
        Assert.Empty((await (await server.LoginAsync("eve")).GetAsync("/chat/history/?with=*")).Response.EnumerateArray());
    }

    [Fact]
    public async Task Rooms_are_kept_while_a_member_is_away()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient amy = await server.LoginAsync("amy");
        CometClient bob = await MemberAsync(server, "bob");
        await bob.PostAsync("/chat/join/", ("room", "den"));
        await amy.PostAsync("/chat/join/", ("room", "den"));
        Assert.True((await bob.LeaveAsync()).IsOk);
        Assert.Equal(["amy"], await amy.OnlineAsync("den"));
        CometClient phone = await SignInAsync(server, "bob", Password);
        Assert.Equal(["amy", "bob"], (await amy.OnlineAsync("den")).Order());
        Assert.Contains("\"den\"", (await phone.GetAsync("/chat/me/")).Body, StringComparison.Ordinal);
        IReadOnlyList<CometItemView> heard = await amy.ReadUntilAsync(item => item.Json.TryGetProperty("back", out _));
        CometItemView left = Assert.Single(heard, item => item.Type == "user_left_room");
        Assert.True(left.Json.GetProperty("offline").GetBoolean());
    }

    // The list knew members by their first session.
    [Fact]
    public async Task A_private_room_is_in_the_list_on_every_device_of_its_members()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient laptop = await MemberAsync(server, "bob");
        Assert.True((await laptop.PostAsync("/chat/join/", ("room", "den"), ("private", "1"))).IsOk);
        CometClient phone = await SignInAsync(server, "bob", Password);
        Assert.Contains("\"den\"", (await phone.GetAsync("/chat/rooms/")).Body, StringComparison.Ordinal);
        CometClient eve = await server.LoginAsync("eve");
        Assert.DoesNotContain("\"den\"", (await eve.GetAsync("/chat/rooms/")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Devices_are_listed_and_can_be_logged_out()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient laptop = await MemberAsync(server, "bob");
        CometClient phone = await SignInAsync(server, "bob", Password);
        CometClient tablet = await SignInAsync(server, "bob", Password);
        JsonElement[] devices = await DevicesAsync(laptop);
        Assert.Equal([true, false, false], devices.Select(device => device.GetProperty("this").GetBoolean()));
        Assert.DoesNotContain(phone.Token!, (await laptop.GetAsync("/chat/devices/")).Body, StringComparison.Ordinal);

        Assert.Equal("no_such_device", (await laptop.PostAsync("/chat/devices/end/", ("id", "0123"))).Error);
        Assert.True((await laptop.PostAsync("/chat/devices/end/", ("id", devices[1].GetProperty("id").GetString()!))).IsOk);
        Assert.Equal("bad_session", (await phone.GetAsync("/chat/me/")).Error);
        Assert.True((await tablet.PostAsync("/chat/devices/end/")).IsOk);
        Assert.Equal("bad_session", (await laptop.GetAsync("/chat/me/")).Error);
        Assert.Single(await DevicesAsync(tablet));
    }

    [Fact]
    public async Task Another_persons_device_cannot_be_logged_out()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient bob = await MemberAsync(server, "bob");
        CometClient eve = await MemberAsync(server, "eve");
        string id = (await DevicesAsync(bob))[0].GetProperty("id").GetString()!;
        Assert.Equal("no_such_device", (await eve.PostAsync("/chat/devices/end/", ("id", id))).Error);
        Assert.True((await bob.GetAsync("/chat/me/")).IsOk);
    }

    [Fact]
    public async Task A_new_password_logs_the_other_devices_out()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync("Chat:PasswordTriesPerGuesser=50");
        CometClient laptop = await MemberAsync(server, "bob");
        CometClient phone = await SignInAsync(server, "bob", Password);
        Assert.Equal(
            "wrong_password",
            (await phone.PostAsync("/chat/password/", ("password", "another one"), ("new_password", "a cow in the snow"))).Error);
        Assert.Equal(
            "bad_password", (await phone.PostAsync("/chat/password/", ("password", Password), ("new_password", "short"))).Error);
        Assert.True((await laptop.GetAsync("/chat/me/")).IsOk);
        Assert.True((await phone.PostAsync("/chat/password/", ("password", Password), ("new_password", "a cow in the snow"))).IsOk);
        Assert.Equal("bad_session", (await laptop.GetAsync("/chat/me/")).Error);
        Assert.True((await phone.GetAsync("/chat/me/")).IsOk);
        Assert.Equal("wrong_password", (await LoginAsync(server, ("nick", "bob"), ("password", Password))).Headers["Chat-Refusal"]);
        Assert.NotNull((await SignInAsync(server, "bob", "a cow in the snow")).Token);
        Assert.Equal("not_member", (await (await server.LoginAsync("guest")).PostAsync("/chat/password/", ("password", "x"))).Error);
    }

    [Fact]
    public async Task An_administrators_link_sets_a_new_password_once()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.AdminPassword);
        CometClient bob = await MemberAsync(server, "bob");
        CometClient root = await server.LoginAdminAsync("root1");
        Assert.Equal(HttpStatusCode.Forbidden, (await bob.PostAsync("/admin/reset/", ("nick", "bob"))).Status);
        Assert.Equal("not_member", (await root.PostAsync("/admin/reset/", ("nick", "root1"))).Error);
        Assert.Equal("no_such_user", (await root.PostAsync("/admin/reset/", ("nick", "nobody"))).Error);
        string path = (await root.PostAsync("/admin/reset/", ("nick", "bob"))).Response.GetProperty("path").GetString()!;
        string token = path.Split("token=")[1];

        CometClient stranger = server.Stranger();
        CometAnswer asked = await stranger.GetAsync(path);
        Assert.Contains("bob", asked.Body, StringComparison.Ordinal);
        Assert.Equal("same-origin", asked.Headers["Referrer-Policy"]);
        Assert.Contains("too short", (await ResetAsync(stranger, token, "short")).Body, StringComparison.Ordinal);
        Assert.Contains("is set", (await ResetAsync(stranger, token, "a cow in the snow")).Body, StringComparison.Ordinal);
        Assert.Contains("not valid", (await ResetAsync(stranger, token, "a pig in the mud")).Body, StringComparison.Ordinal);
        Assert.Contains("not valid", (await stranger.GetAsync(path)).Body, StringComparison.Ordinal);
        Assert.Equal("bad_session", (await bob.GetAsync("/chat/me/")).Error);
        Assert.NotNull((await SignInAsync(server, "bob", "a cow in the snow")).Token);

        static Task<CometAnswer> ResetAsync(CometClient client, string token, string password) =>
            client.PostAsync("/reset/", ("token", token), ("password", password));
    }

    [Fact]
    public async Task An_operator_can_close_the_registration_and_the_chat_to_guests()
    {
        await using ChatServerHost closed = await ChatServerHost.StartAsync("Chat:Registration=Closed");
        Assert.Equal(
            "registration_closed", (await (await closed.LoginAsync("bob")).PostAsync("/chat/register/", ("password", Password))).Error);

        await using ChatServerHost members = await ChatServerHost.StartAsync("Chat:Guests=None");
        CometAnswer refused = await members.Stranger().LoginAsync("bob");
        Assert.Equal("no_guests", refused.Headers["Chat-Refusal"]);
        Assert.Contains("Only members can log in here.", refused.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_read_on_one_device_is_read_on_the_others()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient amy = await server.LoginAsync("amy");
        CometClient laptop = await MemberAsync(server, "bob");
        CometClient phone = await SignInAsync(server, "bob", Password);
        long said = (await amy.SendAsync("psst", to: "bob")).Id!.Value;
        string with = (await amy.GetAsync("/chat/me/")).Response.GetProperty("user_id").GetString()!;
        Assert.True((await phone.PostAsync("/chat/read/", ("with", with), ("up_to", $"{said}"))).IsOk);
        Assert.True((await phone.PostAsync("/chat/read/", ("room", "lobby"), ("up_to", "99999999"))).IsOk);
        IReadOnlyList<CometItemView> heard = await laptop.ReadUntilAsync(item => item.Type == "read" && item.Room is null && !IsWith(item));
        Assert.Equal(said, Assert.Single(heard, IsWith).Data.GetProperty("up_to").GetInt64());

        // Once more changes nothing and is told to nobody; a new device learns all of it at once.
        Assert.True((await phone.PostAsync("/chat/read/", ("with", with), ("up_to", $"{said}"))).IsOk);
        JsonElement[] marks = [.. (await phone.GetAsync("/chat/me/")).Response.GetProperty("read").EnumerateArray()];
        Assert.Equal(2, marks.Length);
        Assert.Equal(with, marks[1].GetProperty("with").GetString());
        Assert.True(marks[0].GetProperty("up_to").GetInt64() < 99999999);

        static bool IsWith(CometItemView item) => item.Type == "read" && item.Data.TryGetProperty("with", out _);
    }

    [Theory]
    [InlineData("room", "attic", "1", "not_in_room")]
    [InlineData("with", "not an id", "1", "no_such_user")]
    [InlineData("with", "", "1", "no_such_user")]
    [InlineData("room", "lobby", "-1", "no_such_user")]
    [InlineData("room", "lobby", "x", "no_such_user")]
    public async Task A_read_mark_that_makes_no_sense_is_refused(string kind, string name, string upTo, string error)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient bob = await MemberAsync(server, "bob");
        Assert.Equal(error, (await bob.PostAsync("/chat/read/", (kind, name), ("up_to", upTo))).Error);
    }

    [Fact]
    public async Task A_guest_has_one_device_and_its_marks_are_nobodys_business()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient amy = await server.LoginAsync("amy");
        string before = server.Picture();
        Assert.True((await amy.PostAsync("/chat/read/", ("room", "lobby"), ("up_to", "1"))).IsOk);
        Assert.Equal(before, server.Picture());
        Assert.False((await amy.GetAsync("/chat/me/")).Response.TryGetProperty("read", out _));
        Assert.Single(await DevicesAsync(amy));
    }

    private static async Task<CometClient> MemberAsync(ChatServerHost server, string nick)
    {
        CometClient member = await server.LoginAsync(nick, keeps: true);
        Assert.True((await member.PostAsync("/chat/register/", ("password", Password))).IsOk);
        return member;
    }

    private static Task<CometAnswer> LoginAsync(ChatServerHost server, params (string Name, string Value)[] fields) =>
        server.Stranger().PostAsync("/login/", fields);

    private static async Task<CometClient> SignInAsync(ChatServerHost server, string nick, string password)
    {
        CometAnswer answer = await LoginAsync(server, ("nick", nick), ("password", password), ("keep", "1"));
        Assert.Equal(HttpStatusCode.Redirect, answer.Status);
        CometClient device = server.Stranger(nick);
        device.Token = answer.Token;
        await device.StartAsync();
        return device;
    }

    private static async Task<JsonElement[]> DevicesAsync(CometClient client) =>
        [.. (await client.GetAsync("/chat/devices/")).Response.EnumerateArray()];
}
