using ErlChat.Web.Tests.Flack;

namespace ErlChat.Web.Tests.Comet;

/// <summary>A mute applies to a person, not only to a session.</summary>
public sealed class MuteTests
{
    private static readonly (string, string) s_elsewhere = ("X-Forwarded-For", "192.0.2.77");
    private static readonly (string, string) s_there = ("X-Forwarded-For", "192.0.2.88");

    private static Task<ChatServerHost> StartAsync() =>
        ChatServerHost.StartStillAsync(
            [.. ChatServerHost.NoLimits, ChatServerHost.AdminPassword, "Chat:TrustedProxies=127.0.0.1", "Chat:IdleLimit=12:00:00"]);

    // Previously, a muted user could log out, log in again, and speak.
    [Fact]
    public async Task Logging_out_and_in_does_not_end_a_mute()
    {
        await using ChatServerHost server = await StartAsync();
        CometClient admin = await server.LoginAdminAsync("boss");
        CometClient before = server.Stranger("before");
        await before.LoginAsync(null, s_elsewhere);
        CometClient bob = server.Stranger("bob");
        await bob.LoginAsync(null, s_elsewhere);
        Assert.Equal("bob may not speak for 1 hours, 0 minutes, 0 seconds.", await admin.AskAsync("/admin mute bob 3600"));
        Assert.Equal("muted", (await bob.SendAsync("x")).Error);
        await bob.LeaveAsync();

        // The mute covers the same nick from any address, and private messages too.
        CometClient again = server.Stranger("BOB");
        await again.LoginAsync(null, s_there);
        Assert.Equal("muted", (await again.SendAsync("x")).Error);
        Assert.Equal("muted", (await again.SendAsync("x", to: "boss")).Error);

        // Others at the address are not affected.
        CometClient other = server.Stranger("carl");
        await other.LoginAsync(null, s_elsewhere);
        Assert.True((await other.SendAsync("x")).IsOk);
        Assert.True((await before.SendAsync("x")).IsOk);
        CometClient free = server.Stranger("free");
        await free.LoginAsync(null, s_there);
        Assert.True((await free.SendAsync("x")).IsOk);

        // The mute expires.
        server.Clock.Advance(TimeSpan.FromSeconds(3601));
        Assert.True((await again.SendAsync("x")).IsOk);
    }

    [Fact]
    public async Task Asked_to_a_mute_covers_those_who_log_in_from_the_address_too()
    {
        await using ChatServerHost server = await StartAsync();
        CometClient admin = await server.LoginAdminAsync("boss");
        CometClient before = server.Stranger("before");
        await before.LoginAsync(null, s_elsewhere);
        await server.Stranger("bob").LoginAsync(null, s_elsewhere);
        Assert.Equal("bob may not speak for 1 hours, 0 minutes, 0 seconds.", await admin.AskAsync("/admin mute bob 3600 address"));
        CometClient other = server.Stranger("carl");
        await other.LoginAsync(null, s_elsewhere);
        Assert.Equal("muted", (await other.SendAsync("x")).Error);

        // Sessions that already existed are not affected.
        Assert.True((await before.SendAsync("x")).IsOk);
        server.Clock.Advance(TimeSpan.FromSeconds(3601));
        CometClient late = server.Stranger("late");
        await late.LoginAsync(null, s_elsewhere);
        Assert.True((await late.SendAsync("x")).IsOk);
    }

    [Fact]
    public async Task Lifting_a_mute_frees_the_nick_and_the_address_even_if_the_user_is_away()
    {
        await using ChatServerHost server = await StartAsync();
        CometClient admin = await server.LoginAdminAsync("boss");
        CometClient bob = server.Stranger("bob");
        await bob.LoginAsync(null, s_elsewhere);
        await admin.AskAsync("/admin mute bob 3600 address");
        await bob.LeaveAsync();
        CometClient carl = server.Stranger("carl");
        await carl.LoginAsync(null, s_elsewhere);
        Assert.Equal("muted", (await carl.SendAsync("x")).Error);

        // Bob is not logged in, and is unmuted all the same. A user who is not logged in cannot be muted.
        Assert.Equal("Unable to mute: user not found.", await admin.AskAsync("/admin mute dora 60"));
        Assert.Equal("Unable to mute: user not found.", await admin.AskAsync("/admin mute dora 0"));
        Assert.Equal("bob may speak again.", await admin.AskAsync("/admin mute bob 0"));
        Assert.True((await carl.SendAsync("x")).IsOk);
        await bob.LoginAsync(null, s_there);
        Assert.True((await bob.SendAsync("x")).IsOk);
    }

    [Fact]
    public async Task A_flack_user_at_that_address_is_muted_too()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync([.. ChatServerHost.NoLimits, ChatServerHost.AdminPassword]);
        CometClient admin = await server.LoginAdminAsync("boss");
        CometClient bob = await server.LoginAsync("bob");
        await admin.AskAsync("/admin mute bob 3600 address");
        await bob.LeaveAsync();
        await using FlackWire ann = await FlackWire.JoinAsync(server, "ann", "lobby");
        await ann.TalkAsync("lobby", "not heard");
        await ann.SayAsync("""{"record":"ping"}""");
        Assert.Equal("""{"record":"ping_reply"}""", await ann.HearAsync());
    }
}
