using System.Globalization;

namespace ErlChat.Web.Tests.Comet;

/// <summary>Whoever is kicked or banned while away learns it when coming back (docs/comet.md, clause 11).</summary>
public sealed class RemovalTests : IDisposable
{
    private const string Kick = "You have been kicked from the chat room. Reason: <b>out</b> you go";
    private const string EscapedKick = "You have been kicked from the chat room. Reason: &lt;b&gt;out&lt;/b&gt; you go";

    private readonly string _folder = Directory.CreateTempSubdirectory("erlchat-removal-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_call_of_the_session_is_answered_with_the_notice(bool fastLane)
    {
        await using ChatServerHost server = await StartAsync($"Chat:FastLane={fastLane}");
        CometClient admin = await server.LoginAdminAsync("root1");
        CometClient bob = await server.LoginAsync("bob", keeps: true);
        await IdleTests.GoOfflineAsync(server, admin);
        await admin.SendAsync("/admin kick bob \"<b>out</b> you go\"");

        // Both while the mailbox still says that the user is offline, and later.
        for (int round = 0; round < 2; round++)
        {
            foreach (string path in new[] { "start/", "me/", "online/", "history/", "rooms/", $"wait/?msg_id={bob.Cursor}" })
                AssertTold(Kick, "kicked", await bob.GetAsync("/chat/" + path));
            AssertTold(Kick, "kicked", await bob.WaitAsync($"?msg_id={bob.Cursor}&epoch={bob.Epoch}"));
            AssertTold(Kick, "kicked", await bob.SendAsync("hello?"));
            CometAnswer refused = await bob.GetAsync("/admin/sessions/");
            Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
            AssertTold(Kick, "kicked", refused);
            server.Clock.Advance(TimeSpan.FromSeconds(31));
            Assert.True((await admin.StartAsync()).IsOk);
        }
    }

    [Fact]
    public async Task The_login_page_shows_it_only_to_the_browser_with_the_session()
    {
        await using ChatServerHost server = await StartAsync();
        CometClient admin = await server.LoginAdminAsync("root1");
        CometClient bob = await server.LoginAsync("bob", keeps: true);
        CometClient eve = await server.LoginAsync("eve", keeps: true);
        await IdleTests.GoOfflineAsync(server, admin);
        CometAnswer plain = await bob.GetAsync("/");
        Assert.DoesNotContain("removed", plain.Body, StringComparison.Ordinal);
        Assert.False(plain.Headers.ContainsKey("Cache-Control"));
        await admin.SendAsync("/admin kick bob \"<b>out</b> you go\"");

        CometAnswer told = await bob.GetAsync("/");
        Assert.Contains($"<p id=\"removed\" class=\"error\" role=\"alert\">{EscapedKick}</p>", told.Body, StringComparison.Ordinal);
        Assert.Equal("no-store", told.Headers["Cache-Control"]);
        foreach (CometClient other in new[] { eve, server.Stranger() })
            Assert.Equal(plain.Body, (await other.GetAsync("/")).Body);

        // With a new session, there is nothing to explain any more.
        Assert.Equal(HttpStatusCode.Found, (await bob.LoginAsync()).Status);
        Assert.Equal(plain.Body, (await bob.GetAsync("/")).Body);
        Assert.True((await bob.StartAsync()).IsOk);
    }

    [Fact]
    public async Task A_ban_is_explained_too_and_the_explanation_lasts_as_long_as_the_session_would_have()
    {
        await using ChatServerHost server = await StartAsync("Chat:GuestLifetime=2.00:00:00");
        CometClient admin = await server.LoginAdminAsync("root1");
        CometClient bob = await server.LoginAsync("bob", keeps: true);
        await IdleTests.GoOfflineAsync(server, admin);
        await admin.SendAsync("/admin ban bob rude 60 person");
        string until = (server.Clock.GetUtcNow() + TimeSpan.FromSeconds(60)).ToString("R", CultureInfo.InvariantCulture);
        string ban = $"You have been banned from the chat room until {until}. Reason: rude";
        AssertTold(ban, "banned", await bob.StartAsync());
        server.Clock.Advance(TimeSpan.FromHours(47));
        AssertTold(ban, "banned", await bob.StartAsync());
        server.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal("{\"status\":\"error\",\"response\":\"bad_session\"}", (await bob.StartAsync()).Body);
    }

    // An online client reads the notice in its mailbox. The explanation is for one that did not, and never for the client of 2009.
    [Fact]
    public async Task A_client_that_was_online_is_told_again_only_once_its_mailbox_is_gone()
    {
        await using ChatServerHost server = await StartAsync("Chat:IdleLimit=01:00:00");
        CometClient admin = await server.LoginAdminAsync("root1");
        CometClient bob = await server.LoginAsync("bob", keeps: true);
        CometClient old = await server.LoginAsync("old");
        foreach (CometClient one in new[] { bob, old })
        {
            await admin.SendAsync($"/admin kick {one.Nick} \"<b>out</b> you go\"");
            Assert.Equal("{\"status\":\"error\",\"response\":\"bad_session\",\"reason\":\"kicked\"}", (await one.StartAsync()).Body);
            Assert.Equal(Kick, (await one.ReadAsync())[^1].Text);
            Assert.Equal("{\"status\":\"error\",\"response\":\"bad_session\",\"reason\":\"kicked\"}", (await one.WaitAsync()).Body);
        }

        server.Clock.Advance(TimeSpan.FromSeconds(40));
        await Eventually.BeTrueAsync(() => server.Office.Count == 1);
        AssertTold(Kick, "kicked", await bob.WaitAsync());
        Assert.Equal("{\"status\":\"error\",\"response\":\"bad_session\"}", (await old.WaitAsync()).Body);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(1)]
    public async Task It_survives_a_restart_with_and_without_a_snapshot(int snapshotEvery)
    {
        string[] log = ["Log:Kind=Sqlite", $"Log:Path={_folder}/chat.db", $"Log:SnapshotEvery={snapshotEvery}", "Log:RestoreMail=0"];
        string? token;
        await using (ChatServerHost server = await StartAsync(log))
        {
            CometClient admin = await server.LoginAdminAsync("root1");
            CometClient bob = await server.LoginAsync("bob", keeps: true);
            await IdleTests.GoOfflineAsync(server, admin);
            await admin.SendAsync("/admin kick bob \"<b>out</b> you go\"");
            token = bob.Token;
        }

        await using ChatServerHost again = await StartAsync(log);
        CometClient back = again.Stranger("bob");
        back.Token = token;
        AssertTold(Kick, "kicked", await back.GetAsync("/chat/me/"));
        Assert.Contains(EscapedKick, (await back.GetAsync("/")).Body, StringComparison.Ordinal);
    }

    private static void AssertTold(string notice, string reason, CometAnswer answer)
    {
        Assert.Equal("error", answer.Json.GetProperty("status").GetString());
        Assert.Equal(("bad_session", reason), (answer.Response.GetString(), answer.Reason));
        Assert.Equal(notice, answer.Json.GetProperty("text").GetString());
    }

    private static Task<ChatServerHost> StartAsync(params string[] options) =>
        ChatServerHost.StartStillAsync([ChatServerHost.AdminPassword, .. options]);
}
