using System.Text.Json;
using ErlChat.Outcomes;
using ErlChat.Rooms;

namespace ErlChat.Web.Tests.Operator;

/// <summary>What an administrator can see, and lift.</summary>
public sealed class OperatorViewTests
{
    private static readonly (string, string) s_elsewhere = ("X-Forwarded-For", "192.0.2.77");

    [Fact]
    public async Task People_are_shown_with_their_address_their_rooms_and_their_waiting_mail()
    {
        await using ChatServerHost server = await StartStillAsync();
        CometClient admin = await server.LoginAdminAsync("boss");
        CometClient bob = server.Stranger("bob");
        await bob.LoginAsync(null, s_elsewhere);
        await bob.StartAsync();
        Assert.True((await bob.PostAsync("/chat/join/", ("room", "dev"))).IsOk);
        await bob.ReadAsync();
        Task<CometAnswer> poll = bob.WaitAsync();
        await server.ParkedAsync(1);
        server.Clock.Advance(TimeSpan.FromSeconds(7));

        JsonElement[] sessions = [.. (await admin.GetAsync("/admin/sessions/")).Response.EnumerateArray()];
        Assert.Equal(["bob", "boss"], sessions.Select(one => one.GetProperty("nick").GetString()));
        Assert.Equal("192.0.2.77", sessions[0].GetProperty("host").GetString());
        Assert.Equal(["lobby", "dev"], sessions[0].GetProperty("rooms").EnumerateArray().Select(one => one.GetString()));
        Assert.Equal(1, sessions[0].GetProperty("parked").GetInt32());
        Assert.Equal(7, sessions[0].GetProperty("idle").GetInt64());
        Assert.Equal(server.Clock.GetUtcNow().AddSeconds(-7), sessions[0].GetProperty("since").GetDateTimeOffset());
        Assert.NotEmpty(sessions[0].GetProperty("user_id").GetString()!);
        Assert.Equal([false, true], sessions.Select(one => one.GetProperty("admin").GetBoolean()));

        Assert.Equal(["bob"], await NamesAsync(admin, "/admin/sessions/?find=0.2.77"));
        Assert.Equal(["boss"], await NamesAsync(admin, "/admin/sessions/?find=OSS"));
        Assert.Empty(await NamesAsync(admin, "/admin/sessions/?find=nobody"));
        JsonElement dev = (await admin.GetAsync("/admin/rooms/")).Response.EnumerateArray().First();
        Assert.Equal(("dev", 1), (dev.GetProperty("name").GetString(), dev.GetProperty("members").GetInt32()));

        await admin.SendAsync("x");
        Assert.True((await poll).IsOk);
    }

    // Ten thousand entries in one answer would be too much for a phone, and would take up the server's memory.
    [Fact]
    public async Task Long_lists_come_in_pages_and_nobody_is_missing_or_repeated()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync([.. ChatServerHost.NoLimits, ChatServerHost.AdminPassword]);
        CometClient admin = await server.LoginAdminAsync("boss");
        var all = new List<string> { "boss" };
        for (int i = 0; i < 250; i++)
        {
            all.Add($"guest{i}");
            Assert.IsType<JoinAccepted>((await server.Room.JoinAsync(new JoinRequest($"guest{i}", "192.0.2.9"))).Outcome);
        }

        var found = new List<string>();
        var sizes = new List<int>();
        bool more = true;
        while (more)
        {
            CometAnswer page = await admin.GetAsync($"/admin/sessions/?after={found.LastOrDefault()}");
            found.AddRange(NamesOf(page));
            sizes.Add(NamesOf(page).Length);
            more = page.Json.TryGetProperty("more", out _);
        }

        Assert.Equal(all.Order(StringComparer.OrdinalIgnoreCase), found);
        Assert.Equal([100, 100, 51], sizes);
        CometAnswer few = await admin.GetAsync("/admin/sessions/?limit=3&find=guest");
        Assert.Equal(["guest0", "guest1", "guest10"], NamesOf(few));
        Assert.True(few.Json.GetProperty("more").GetBoolean());
        foreach (string list in (string[])["sessions", "rooms", "bans", "mutes", "admins"])
        {
            foreach (string limit in (string[])["0", "1001", "-1", "many"])
                Assert.Equal("bad_request", (await admin.GetAsync($"/admin/{list}/?limit={limit}")).Error);
        }
    }

    [Fact]
    public async Task Bans_and_mutes_are_shown_with_their_remaining_time_and_can_be_lifted()
    {
        await using ChatServerHost server = await StartStillAsync();
        CometClient admin = await server.LoginAdminAsync("boss");
        foreach (string nick in (string[])["bob", "carl"])
            await server.Stranger(nick).LoginAsync(null, ("X-Forwarded-For", nick == "bob" ? "192.0.2.77" : "2001:db8::7"));
        await admin.SendAsync("/admin mute bob 90 address");
        await admin.SendAsync("/admin ban carl \"spam & eggs\" 60");
        server.Clock.Advance(TimeSpan.FromSeconds(20.5));

        JsonElement mute = Assert.Single((await admin.GetAsync("/admin/mutes/")).Response.EnumerateArray());
        Assert.Equal(("bob", "192.0.2.77", 70), (Text(mute, "nick"), Text(mute, "host"), mute.GetProperty("left").GetInt32()));
        JsonElement ban = Assert.Single((await admin.GetAsync("/admin/bans/")).Response.EnumerateArray());
        Assert.Equal(("carl", "spam & eggs", 40), (Text(ban, "nick"), Text(ban, "reason"), ban.GetProperty("left").GetInt32()));
        string host = Text(ban, "host");
        Assert.False((await server.Stranger("dora").LoginAsync(null, ("X-Forwarded-For", "2001:db8::8"))).Token is { Length: > 0 });

        Assert.True((await admin.PostAsync("/admin/unban/", ("host", host))).IsOk);
        Assert.True((await admin.PostAsync("/admin/unmute/", ("nick", "BOB"))).IsOk);
        Assert.Empty((await admin.GetAsync("/admin/bans/")).Response.EnumerateArray());
        Assert.Empty((await admin.GetAsync("/admin/mutes/")).Response.EnumerateArray());
        Assert.True((await server.Stranger("dora").LoginAsync(null, ("X-Forwarded-For", "2001:db8::8"))).Token is { Length: > 0 });

        // Another administrator was quicker. The answer must not sound as if the right had been lost.
        CometAnswer late = await admin.PostAsync("/admin/unban/", ("host", host));
        Assert.Equal((HttpStatusCode.OK, "not_allowed", "This ban has ended already."), (late.Status, late.Error, late.Reason));
        Assert.Equal("no_such_user", (await admin.PostAsync("/admin/unmute/", ("nick", "nobody"))).Error);
        Assert.Equal("no_such_user", (await admin.PostAsync("/admin/unmute/")).Error);
        CometAnswer json = await admin.PostRawAsync("/admin/unban/", "{}"u8.ToArray(), "application/json");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, json.Status);
    }

    [Fact]
    public async Task A_ban_of_a_person_is_listed_without_an_address_and_lifted_by_nick()
    {
        await using ChatServerHost server = await StartStillAsync();
        CometClient admin = await server.LoginAdminAsync("boss");
        foreach (string nick in (string[])["bob", "carl", "dora"])
            await server.Stranger(nick).LoginAsync(null, ("X-Forwarded-For", "192.0.2.77"));
        await admin.SendAsync("/admin ban bob rude 60 person");
        await admin.SendAsync("/admin ban carl rude 60 person");
        await admin.SendAsync("/admin ban dora rude 60");
        CometAnswer first = await admin.GetAsync("/admin/bans/?limit=2");
        Assert.Equal(
            ["192.0.2.77 dora", " bob"], first.Response.EnumerateArray().Select(ban => $"{Text(ban, "host")} {Text(ban, "nick")}"));
        Assert.True(IsContinued(first));
        CometAnswer rest = await admin.GetAsync("/admin/bans/?limit=2&after=~bob");
        Assert.Equal([" carl"], rest.Response.EnumerateArray().Select(ban => $"{Text(ban, "host")} {Text(ban, "nick")}"));
        Assert.False(IsContinued(rest));
        Assert.True((await admin.PostAsync("/admin/unban/", ("host", "carl"))).IsOk);
        Assert.Equal(["dora", "bob"], await NamesAsync(admin, "/admin/bans/"));
        Assert.True((await server.Stranger("carl").LoginAsync(null, ("X-Forwarded-For", "192.0.2.78"))).Token is { Length: > 0 });
    }

    [Fact]
    public async Task Administrators_for_good_are_listed_appointed_and_dismissed()
    {
        await using ChatServerHost server = await StartStillAsync();
        CometClient admin = await server.LoginAdminAsync("boss");
        await server.LoginAsync("guest");
        foreach (string nick in (string[])["zoe", "bob"])
        {
            CometClient member = await server.LoginAsync(nick);
            Assert.True((await member.PostAsync("/chat/register/", ("password", "a horse in the rain"))).IsOk);
            Assert.True((await admin.PostAsync("/admin/grant/", ("nick", nick.ToUpperInvariant()))).IsOk);
            if (nick == "zoe")
                await member.LeaveAsync();
        }

        // The one by the password is not among them.
        Assert.Equal(["bob True False", "zoe False False"], await AdminsAsync(admin));
        CometAnswer first = await admin.GetAsync("/admin/admins/?limit=1");
        Assert.Equal(["bob"], NamesOf(first));
        Assert.True(IsContinued(first));
        Assert.Equal(["zoe"], await NamesAsync(admin, "/admin/admins/?after=bob"));

        foreach (string path in (string[])["/admin/grant/", "/admin/revoke/"])
        {
            foreach (string nick in (string[])["nobody", "", "not a nick", new('x', 3000)])
                Assert.Equal("no_such_user", (await admin.PostAsync(path, ("nick", nick))).Error);
        }

        Assert.Equal("not_member", (await admin.PostAsync("/admin/grant/", ("nick", "guest"))).Error);
        CometAnswer self = await admin.PostAsync("/admin/revoke/", ("nick", "boss"));
        Assert.Equal(
            ("not_allowed", "To give up your own rights, type /admin logout in the chat."), (self.Error, self.Reason));
        Assert.True((await admin.PostAsync("/admin/revoke/", ("nick", "zoe"))).IsOk);
        Assert.Equal(["bob True False"], await AdminsAsync(admin));
        JsonElement act = (await admin.GetAsync("/admin/acts/?limit=1")).Response[0];
        Assert.Equal(("revoke", "boss", "zoe"), (Text(act, "act"), Text(act, "by"), Text(act, "nick")));

        Assert.True((await admin.PostAsync("/chat/register/", ("password", "a horse in the rain"))).IsOk);
        Assert.True((await admin.PostAsync("/admin/grant/", ("nick", "boss"))).IsOk);
        Assert.Equal(["bob True False", "boss True True"], await AdminsAsync(admin));
    }

    private static async Task<string[]> AdminsAsync(CometClient admin) =>
    [
        .. (await admin.GetAsync("/admin/admins/")).Response.EnumerateArray()
            .Select(one => $"{Text(one, "nick")} {one.GetProperty("online").GetBoolean()} {one.GetProperty("self").GetBoolean()}"),
    ];

    [Fact]
    public async Task What_administrators_did_is_listed_newest_first_in_pages()
    {
        await using ChatServerHost server = await StartStillAsync();
        CometClient admin = await server.LoginAdminAsync("boss");
        CometClient bob = await server.LoginAsync("bob");
        string id = (await bob.GetAsync("/chat/me/")).Response.GetProperty("user_id").GetString()!;
        DateTimeOffset now = server.Clock.GetUtcNow();
        await admin.SendAsync("/admin mute bob 90");
        await admin.SendAsync("/admin kick nobody x");
        await admin.SendAsync("/admin ban bob \"spam & eggs\" 60");
        await admin.PostAsync("/admin/unban/", ("host", "bob"));
        await admin.PostAsync("/admin/announce/", ("text", "hello"));

        CometAnswer page = await admin.GetAsync("/admin/acts/?limit=3");
        JsonElement[] acts = [.. page.Response.EnumerateArray()];
        Assert.Equal(["announce", "unban", "ban"], acts.Select(act => Text(act, "act")));
        Assert.True(IsContinued(page));
        JsonElement ban = acts[2];
        Assert.Equal(
            ("boss", "bob", id, "spam & eggs", true),
            (Text(ban, "by"), Text(ban, "nick"), Text(ban, "user_id"), Text(ban, "text"), ban.GetProperty("address").GetBoolean()));
        Assert.Equal((now, now.AddSeconds(60)), (ban.GetProperty("at").GetDateTimeOffset(), ban.GetProperty("until").GetDateTimeOffset()));
        Assert.NotEmpty(Text(ban, "by_id"));
        Assert.Equal(("hello", "", false), (Text(acts[0], "text"), Text(acts[0], "nick"), acts[0].TryGetProperty("until", out _)));

        CometAnswer rest = await admin.GetAsync($"/admin/acts/?after={ban.GetProperty("id")}");
        Assert.Equal(["mute", "auth"], rest.Response.EnumerateArray().Select(act => Text(act, "act")));
        Assert.False(IsContinued(rest));
        foreach (string query in (string[])["after=x", "after=-1", "limit=0", "limit=1001"])
            Assert.Equal("bad_request", (await admin.GetAsync("/admin/acts/?" + query)).Error);
    }

    [Fact]
    public async Task The_server_reports_its_state_and_what_it_refused()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            ChatServerHost.AdminPassword, "Limits:Probes:Address:Count=1", "Limits:Probes:Address:Window=01:00:00");
        CometClient admin = await server.LoginAdminAsync("boss");
        await server.Stranger().LoginAsync("!!");
        await server.Stranger().LoginAsync("!!");
        for (int i = 0; i < 4; i++)
            await admin.GetAsync("/healthz");
        JsonElement view = (await admin.GetAsync("/admin/server/")).Response;
        Assert.Equal(1, view.GetProperty("sessions").GetInt32());
        Assert.Equal(1, view.GetProperty("rooms").GetInt32());
        Assert.InRange(view.GetProperty("connections").GetInt32(), 1, 100);
        Assert.StartsWith("10.", view.GetProperty("runtime").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(view.GetProperty("version").GetString()!);
        JsonElement node = Assert.Single(view.GetProperty("nodes").EnumerateArray());
        Assert.Equal(Text((await admin.GetAsync("/nodes")).Response[0], "name"), Text(node, "name"));
        Assert.True(view.GetProperty("health").GetProperty("ready").GetBoolean());
        Assert.Equal("ready", view.GetProperty("health").GetProperty("words").GetString());
        Assert.Equal("memory", view.GetProperty("log").GetProperty("kind").GetString());
        Assert.Equal(server.Office.Head, view.GetProperty("log").GetProperty("position").GetInt64());
        Assert.InRange(view.GetProperty("memory").GetProperty("process").GetInt64(), 1 << 20, long.MaxValue);
        string[] refusals =
        [
            .. view.GetProperty("refusals").EnumerateArray()
                .Select(one => $"{Text(one, "reason")} {Text(one, "limit")} {Text(one, "scope")} {one.GetProperty("count")}"),
        ];
        Assert.Equal(["RateLimited Probes Address 3", "NickInvalid   2"], refusals);
    }

    // The page shows what --check-config prints, and must not show more.
    [Fact]
    public async Task Settings_are_shown_without_the_password()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.AdminPassword, "Chat:PollTimeout=00:00:11");
        CometClient admin = await server.LoginAdminAsync("boss");
        CometAnswer settings = await admin.GetAsync("/admin/settings/");
        Assert.DoesNotContain("demopass", settings.Body, StringComparison.Ordinal);
        var byName = settings.Response.EnumerateArray().ToDictionary(one => one.GetProperty("name").GetString()!);
        Assert.NotEmpty(byName["Chat:AdminPassword"].GetProperty("value").GetString()!);
        Assert.Equal("00:00:11", byName["Chat:PollTimeout"].GetProperty("value").GetString());
        Assert.Equal("00:00:25", byName["Chat:PollTimeout"].GetProperty("default").GetString());
        Assert.Equal("command line", byName["Chat:PollTimeout"].GetProperty("source").GetString());
        CometAnswer rest = await admin.GetAsync("/admin/settings/?after=Chat:PollTimeout");
        string[] names = [.. rest.Response.EnumerateArray().Select(one => Text(one, "name"))];
        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.True(string.Compare(name, "Chat:PollTimeout", StringComparison.OrdinalIgnoreCase) > 0, name));
    }

    private static Task<ChatServerHost> StartStillAsync() =>
        ChatServerHost.StartStillAsync(
            [.. ChatServerHost.NoLimits, ChatServerHost.AdminPassword, "Chat:TrustedProxies=127.0.0.1", "Chat:IdleLimit=12:00:00"]);

    private static bool IsContinued(CometAnswer answer) => answer.Body.Contains("\"more\":true", StringComparison.Ordinal);

    private static string Text(JsonElement item, string member) => item.GetProperty(member).GetString()!;

    private static async Task<string[]> NamesAsync(CometClient admin, string path) => NamesOf(await admin.GetAsync(path));

    private static string[] NamesOf(CometAnswer answer) =>
        [.. answer.Response.EnumerateArray().Select(one => one.GetProperty("nick").GetString()!)];
}
