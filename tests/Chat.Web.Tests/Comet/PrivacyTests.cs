using System.Text.Json;

namespace ErlChat.Web.Tests.Comet;

/// <summary>People get all of their data, and can have them erased.</summary>
public class PrivacyTests
{
    private const string Password = "a horse in the rain";

    [Fact]
    public async Task A_member_gets_everything_and_nothing_of_others()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient amy = await server.LoginAsync("amy");
        CometClient bob = await MemberAsync(server, "bob");
        await amy.SendAsync("not bob's");
        await bob.SendAsync("one");
        await amy.PostAsync("/chat/join/", ("room", "den"));
        await bob.PostAsync("/chat/join/", ("room", "den"));
        await bob.SendAsync("two", room: "den");
        await bob.SendAsync("/topic three", room: "den");
        await bob.PostAsync("/chat/part/", ("room", "den"));
        await amy.SendAsync("four", to: "bob");
        await bob.SendAsync("five", to: "amy");

        CometAnswer answer = await bob.GetAsync("/chat/export/");
        Assert.StartsWith("application/x-ndjson", answer.Headers["Content-Type"], StringComparison.Ordinal);
        JsonElement[] lines = LinesOf(answer);
        Assert.Equal("end", KindOf(lines[^1]));
        JsonElement person = Assert.Single(lines, line => KindOf(line) == "person");
        Assert.Equal("bob", person.GetProperty("nick").GetString());
        Assert.True(person.GetProperty("member").GetBoolean());
        Assert.True(person.GetProperty("password").GetBoolean());
        Assert.Equal("lobby", Assert.Single(lines, line => KindOf(line) == "room").GetProperty("room").GetString());
        Assert.Single(lines, line => KindOf(line) == "device");
        Assert.Equal(
            ["five", "four", "one", "three", "two"],
            lines.Where(line => KindOf(line) == "message").Select(line => line.GetProperty("text").GetString()).Order());

        // Neither what opens the door nor what others wrote elsewhere.
        Assert.DoesNotContain(bob.Token!, answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("not bob's", answer.Body, StringComparison.Ordinal);
        CometAnswer again = await bob.GetAsync("/chat/export/");
        Assert.Equal((HttpStatusCode.TooManyRequests, "rate_limited"), (again.Status, again.Error));
        Assert.Equal("bad_session", (await server.Stranger().GetAsync("/chat/export/")).Error);
    }

    [Fact]
    public async Task An_export_says_what_a_message_answers()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            [ChatServerHost.AdminPassword, "Chat:ExportPause=0", .. ChatServerHost.NoLimits]);
        CometClient root = await server.LoginAdminAsync("root1");
        (CometClient amy, CometClient bob) = (await server.LoginAsync("amy"), await server.LoginAsync("bob"));
        long asked = (await amy.SendAsync("a question")).Id!.Value;
        long whispered = (await amy.SendAsync("a question in private", to: "bob")).Id!.Value;
        Assert.True((await bob.PostAsync("/chat/send_msg/", ("msg", "an answer"), ("reply_to", $"{asked}"))).IsOk);
        Assert.True((await bob.PostAsync(
            "/chat/send_msg/", ("msg", "an answer in private"), ("to", "amy"), ("reply_to", $"{whispered}"))).IsOk);
        await bob.SendAsync("something else");
        Assert.Equal(
            ["something else ", $"an answer {asked}", $"an answer in private {whispered}", "a question in private "],
            AnswersIn(await bob.GetAsync("/chat/export/")));
        Assert.Equal(["something else ", $"an answer {asked}"], AnswersIn(await root.GetAsync("/admin/export/?nick=bob")));

        static IEnumerable<string> AnswersIn(CometAnswer export) => LinesOf(export)
            .Where(line => KindOf(line) == "message")
            .Select(line => line.GetProperty("text").GetString() + " "
                + (line.TryGetProperty("reply_to", out JsonElement parent) ? parent.GetInt64() : ""));
    }

    [Fact]
    public async Task Preferences_and_links_are_only_in_ones_own_export()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.AdminPassword, "Chat:ExportPause=0");
        CometClient root = await server.LoginAdminAsync("root1");
        CometClient bob = await server.LoginAsync("bob");
        await bob.PostAsync("/chat/join/", ("room", "den"));
        Assert.True((await bob.PostAsync("/chat/ignore/", ("nick", "root1"))).IsOk);
        Assert.True((await bob.PostAsync("/chat/preferences/", ("quiet", "1"), ("room", "den"), ("muted", "1"))).IsOk);
        CometAnswer made = await bob.PostAsync("/chat/room/link/", ("room", "den"));
        Assert.True(made.IsOk, made.Body);

        CometAnswer own = await bob.GetAsync("/chat/export/");
        JsonElement preferences = Assert.Single(LinesOf(own), line => KindOf(line) == "preferences");
        Assert.True(preferences.GetProperty("quiet").GetBoolean());
        Assert.Equal("root1", preferences.GetProperty("ignored")[0].GetProperty("nick").GetString());
        Assert.True(preferences.GetProperty("rooms")[0].GetProperty("muted").GetBoolean());
        JsonElement link = Assert.Single(LinesOf(own), line => KindOf(line) == "link");
        Assert.Equal("den", link.GetProperty("room").GetString());
        Assert.True(link.GetProperty("until").TryGetDateTime(out _));
        Assert.DoesNotContain(made.Response.GetProperty("link").GetString()!, own.Body, StringComparison.Ordinal);

        JsonElement[] others = LinesOf(await root.GetAsync("/admin/export/?nick=bob"));
        Assert.DoesNotContain(others, line => KindOf(line) is "preferences" or "link");
    }

    [Fact]
    public async Task A_long_export_comes_in_parts()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync([.. ChatServerHost.NoLimits, "Chat:ExportPause=0"]);
        CometClient amy = await server.LoginAsync("amy"), bob = await server.LoginAsync("bob");
        string text = new('x', 1500);
        for (int i = 0; i < 250; i++)
            await amy.SendAsync($"{i} {text}", to: i % 2 == 0 ? "bob" : null);
        for (int i = 0; i < 2; i++)
        {
            JsonElement[] lines = LinesOf(await amy.GetAsync("/chat/export/"));
            Assert.Equal("end", KindOf(lines[^1]));
            IEnumerable<JsonElement> messages = lines.Where(line => KindOf(line) == "message");
            Assert.Equal(250, messages.Select(line => line.GetProperty("id").GetInt64()).Distinct().Count());
        }

        Assert.Equal(125, LinesOf(await bob.GetAsync("/chat/export/")).Count(line => KindOf(line) == "message"));
    }

    [Fact]
    public async Task A_member_who_erases_itself_is_gone_and_so_is_what_it_wrote()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync([ChatServerHost.AdminPassword]);
        CometClient boss = await server.LoginAdminAsync("boss");
        CometClient bob = await MemberAsync(server, "bob");
        await bob.SendAsync("secret");
        await bob.SendAsync("psst", to: "boss");
        await boss.SendAsync("answer", to: "bob");
        Assert.Equal("wrong_password", (await bob.PostAsync("/chat/erase/", ("password", "another"))).Error);
        Assert.Equal("wrong_password", (await bob.PostAsync("/chat/erase/", ("confirm", "yes"))).Error);
        Assert.True((await bob.PostAsync("/chat/erase/", ("password", Password))).IsOk);
        Assert.Equal("bad_session", (await bob.GetAsync("/chat/me/")).Error);

        JsonElement item = Assert.Single((await boss.GetAsync("/chat/history/?room=lobby")).Items!).Json;
        Assert.Contains("[deleted]", item.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", item.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("bob", item.ToString(), StringComparison.Ordinal);
        string talk = (await boss.GetAsync("/chat/history/?with=*")).Body;
        Assert.DoesNotContain("psst", talk, StringComparison.Ordinal);
        Assert.Contains("answer", talk, StringComparison.Ordinal);

        // The nick is free, and with it comes nothing.
        CometClient next = await server.LoginAsync("bob");
        Assert.False((await next.GetAsync("/chat/me/")).Response.GetProperty("member").GetBoolean());
        Assert.Empty((await next.GetAsync("/chat/history/?with=*")).Items!);
    }

    [Fact]
    public async Task A_guest_confirms()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient amy = await server.LoginAsync("amy"), bob = await server.LoginAsync("bob");
        Assert.Equal("bad_request", (await bob.PostAsync("/chat/erase/")).Error);
        Assert.True((await bob.GetAsync("/chat/me/")).IsOk);
        Assert.True((await bob.PostAsync("/chat/erase/", ("confirm", "yes"))).IsOk);

        // The client of 2009 hears what it knows.
        Assert.Equal("user_left_room", (await amy.ReadUntilAsync(one => one.Type == "user_left_room"))[^1].Type);
        Assert.Equal(["amy"], await amy.OnlineAsync());
        Assert.Equal("bad_session", (await server.Stranger().PostAsync("/chat/erase/", ("confirm", "yes"))).Error);
    }

    [Fact]
    public async Task An_administrator_exports_what_is_public_and_erases()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync([ChatServerHost.AdminPassword]);
        CometClient boss = await server.LoginAdminAsync("boss");
        CometClient bob = await MemberAsync(server, "bob");
        await bob.SendAsync("public");
        await bob.PostAsync("/chat/join/", ("room", "den"), ("private", "1"));
        await bob.SendAsync("hidden", room: "den");
        await bob.SendAsync("psst", to: "boss");
        string body = (await boss.GetAsync("/admin/export/?nick=BOB")).Body;
        Assert.Contains("public", body, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", body, StringComparison.Ordinal);
        Assert.DoesNotContain("psst", body, StringComparison.Ordinal);
        Assert.DoesNotContain("\"den\"", body, StringComparison.Ordinal);
        CometAnswer nobody = await boss.GetAsync("/admin/export/?nick=nobody");
        Assert.Equal((HttpStatusCode.NotFound, "no_such_user"), (nobody.Status, nobody.Error));

        string id = (await bob.GetAsync("/chat/me/")).Response.GetProperty("user_id").GetString()!;
        Assert.Equal("Sorry, you can't erase yourself here!", await boss.AskAsync("/admin erase boss"));
        Assert.Equal("Unable to erase: user not found.", await boss.AskAsync("/admin erase nobody"));
        Assert.Equal($"The user with the id {id} was erased.", await boss.AskAsync("/admin erase bob"));
        Assert.Equal("kicked", (await bob.GetAsync("/chat/me/")).Reason);
        JsonElement act = (await boss.GetAsync("/admin/acts/")).Response[0];
        Assert.Equal(
            ("erase", "boss", "", id),
            (act.GetProperty("act").GetString(), act.GetProperty("by").GetString(), act.GetProperty("nick").GetString(),
                act.GetProperty("user_id").GetString()));
        Assert.Contains($"erased [deleted] ({id})", await boss.AskAsync("/admin log"), StringComparison.Ordinal);
    }

    private static JsonElement[] LinesOf(CometAnswer answer) =>
        [.. answer.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    private static string? KindOf(JsonElement line) => line.GetProperty("kind").GetString();

    private static async Task<CometClient> MemberAsync(ChatServerHost server, string nick)
    {
        CometClient member = await server.LoginAsync(nick);
        Assert.True((await member.PostAsync("/chat/register/", ("password", Password))).IsOk);
        return member;
    }
}
