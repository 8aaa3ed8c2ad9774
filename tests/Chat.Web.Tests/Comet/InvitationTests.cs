using ErlChat.Members;
using ErlChat.Outcomes;
using ErlChat.Rooms;
using Microsoft.Extensions.DependencyInjection;

namespace ErlChat.Web.Tests.Comet;

/// <summary>Invitations to become a member, where not everybody can (<c>Chat:Registration=Invite</c>).</summary>
public class InvitationTests
{
    private const string Password = "a horse in the rain";

    [Fact]
    public async Task A_guest_needs_an_invitation_to_keep_the_nick_and_it_works_once()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync("Chat:Registration=Invite", ChatServerHost.AdminPassword);
        CometClient bob = await server.LoginAsync("bob");
        CometClient eve = await server.LoginAsync("eve");
        Assert.Equal("invitation_needed", (await RegisterAsync(bob, null)).Error);
        Assert.Equal("bad_link", (await RegisterAsync(bob, "guessed")).Error);
        Assert.Equal("bad_link", (await RegisterAsync(bob, new string('x', 300))).Error);

        string token = await InviteAsync(await server.LoginAdminAsync("root1"));
        Assert.Equal("bad_password", (await bob.PostAsync("/chat/register/", ("password", "short"), ("invitation", token))).Error);
        Assert.True((await RegisterAsync(bob, token)).IsOk);
        Assert.Equal("bad_link", (await RegisterAsync(eve, token)).Error);
        Assert.True((await bob.GetAsync("/chat/me/")).Response.GetProperty("member").GetBoolean());
        Assert.False((await eve.GetAsync("/chat/me/")).Response.GetProperty("member").GetBoolean());

        // Nothing of the failed tries is left: eve has no password.
        Assert.Null((await server.Stranger().PostAsync("/login/", ("nick", "eve"), ("password", Password))).Token);
    }

    [Fact]
    public async Task An_invitation_lets_somebody_in_as_a_member_where_there_are_no_guests()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            "Chat:Registration=Invite", "Chat:Guests=Allowed", ChatServerHost.AdminPassword, "Limits:Enabled=false");
        CometClient root = await server.LoginAdminAsync("root1");
        string path = (await root.PostAsync("/admin/invitation/")).Response.GetProperty("path").GetString()!;
        CometClient stranger = server.Stranger();
        CometAnswer asked = await stranger.GetAsync(path);
        Assert.Contains("You are invited.", asked.Body, StringComparison.Ordinal);

        // Neither does the token leave the site, nor do browsers hide where the form comes from.
        Assert.Equal(("same-origin", "no-store"), (asked.Headers["Referrer-Policy"], asked.Headers["Cache-Control"]));
        string token = path.Split("token=")[1];
        foreach ((string nick, string password, string text) in ((string, string, string)[])
        [
            ("", Password, "must be alphanumeric"), ("root1", Password, "is not available"), ("admin", Password, "is not available"),
            ("bob", "short", "too short"), ("bob", "bob", "too short"),
        ])
        {
            CometAnswer refused = await JoinAsync(stranger, token, nick, password);
            Assert.Contains(text, refused.Body, StringComparison.Ordinal);
            Assert.Null(refused.Token);
        }

        Assert.Equal(1, server.Room.SessionCount);
        CometAnswer joined = await JoinAsync(stranger, token, "bob", Password);
        Assert.Equal((HttpStatusCode.Redirect, "/chat/"), (joined.Status, joined.Headers["Location"]));
        stranger.Token = joined.Token;
        Assert.True((await stranger.GetAsync("/chat/me/")).Response.GetProperty("member").GetBoolean());
        Assert.Contains("not valid", (await JoinAsync(server.Stranger(), token, "eve", Password)).Body, StringComparison.Ordinal);
        Assert.Contains("not valid", (await server.Stranger().GetAsync(path)).Body, StringComparison.Ordinal);
        Assert.NotNull((await server.Stranger().PostAsync("/login/", ("nick", "bob"), ("password", Password))).Token);
    }

    [Fact]
    public async Task Without_guests_an_invitation_is_the_way_in()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync("Chat:Registration=Invite", "Chat:Guests=None");
        (NewLink? link, _) = await Accounts(server).InviteAsync();
        Assert.Equal("no_guests", (await server.Stranger().LoginAsync("bob")).Headers["Chat-Refusal"]);
        Assert.NotNull((await JoinAsync(server.Stranger(), link!.Token, "bob", Password)).Token);
        Assert.Equal(1, server.Room.MemberCount);
    }

    /// <summary>Otherwise, the nick would not be available to the guest who has it.</summary>
    [Fact]
    public async Task A_guest_who_opens_an_invitation_keeps_the_nick_and_the_session_or_takes_another_nick()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync("Chat:Registration=Invite", "Limits:Enabled=false");
        string one = (await Accounts(server).InviteAsync()).Link!.Token, two = (await Accounts(server).InviteAsync()).Link!.Token;
        CometClient bob = await server.LoginAsync("bob", keeps: true), eve = await server.LoginAsync("eve", keeps: true);
        Assert.Contains("is not available", (await JoinAsync(eve, one, "bob", Password)).Body, StringComparison.Ordinal);
        CometAnswer kept = await JoinAsync(bob, one, "Bob", Password);
        Assert.Equal((HttpStatusCode.Redirect, null), (kept.Status, kept.Token));
        Assert.True((await bob.GetAsync("/chat/me/")).Response.GetProperty("member").GetBoolean());

        CometAnswer other = await JoinAsync(eve, two, "evelyn", Password);
        Assert.NotNull(other.Token);
        Assert.Equal("bad_session", (await eve.GetAsync("/chat/me/")).Error);
        eve.Token = other.Token;
        Assert.True((await eve.GetAsync("/chat/me/")).Response.GetProperty("member").GetBoolean());
        Assert.Equal(2, server.Room.SessionCount);
    }

    [Fact]
    public async Task Only_administrators_invite_and_only_so_many()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            "Chat:Registration=Invite", "Chat:MaxInvitations=2", ChatServerHost.AdminPassword);
        CometClient bob = await server.LoginAsync("bob");
        Assert.Equal(HttpStatusCode.Forbidden, (await bob.PostAsync("/admin/invitation/")).Status);
        CometClient root = await server.LoginAdminAsync("root1");
        long head = server.Office.Head;
        await InviteAsync(root);
        await InviteAsync(root);
        Assert.Equal("too_many_invitations", (await root.PostAsync("/admin/invitation/")).Error);

        // The secret must not get into the log.
        Assert.Equal(head, server.Office.Head);

        await using ChatServerHost closed = await ChatServerHost.StartAsync("Chat:Registration=Closed", ChatServerHost.AdminPassword);
        Assert.Equal("registration_closed", (await (await closed.LoginAdminAsync("root1")).PostAsync("/admin/invitation/")).Error);
        Assert.Contains(
            "Nobody can become a member",
            (await JoinAsync(closed.Stranger(), "guessed", "bob", Password)).Body,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invitation_ends_by_itself()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync("Chat:Registration=Invite", "Chat:MaxInvitations=1");
        (NewLink? link, _) = await Accounts(server).InviteAsync();
        server.Clock.Advance(TimeSpan.FromDays(7));
        Assert.Equal(Refusal.BadLink, (await Accounts(server).InvitationRefusalAsync(link!.Token))?.Why);
        Assert.NotNull((await Accounts(server).InviteAsync()).Link);
    }

    /// <summary>If the fold refuses the member, the invitation can be used by somebody else, or later.</summary>
    [Fact]
    public async Task An_invitation_that_made_no_member_stays_valid()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync("Chat:Registration=Invite", "Chat:MaxMembers=1");
        CometClient bob = await server.LoginAsync("bob");
        CometClient eve = await server.LoginAsync("eve");
        string one = (await Accounts(server).InviteAsync()).Link!.Token, two = (await Accounts(server).InviteAsync()).Link!.Token;
        CometAnswer[] answers = await Task.WhenAll(RegisterAsync(bob, one), RegisterAsync(eve, two)).WithinAsync();
        Assert.Equal("too_many_members", Assert.Single(answers, answer => !answer.IsOk).Error);
        string unused = answers[0].IsOk ? two : one;
        Assert.Null(await Accounts(server).InvitationRefusalAsync(unused));
    }

    private static MemberAccounts Accounts(ChatServerHost server) =>
        server.Services.GetRequiredService<MemberAccounts>();

    private static Task<CometAnswer> RegisterAsync(CometClient client, string? invitation) => invitation is null
        ? client.PostAsync("/chat/register/", ("password", Password))
        : client.PostAsync("/chat/register/", ("password", Password), ("invitation", invitation));

    private static Task<CometAnswer> JoinAsync(CometClient client, string token, string nick, string password) =>
        client.PostAsync("/invitation/", ("token", token), ("nick", nick), ("password", password));

    private static async Task<string> InviteAsync(CometClient admin) =>
        (await admin.PostAsync("/admin/invitation/")).Response.GetProperty("path").GetString()!.Split("token=")[1];
}
