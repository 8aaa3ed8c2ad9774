using ErlChat.Eviction;
using ErlChat.Mailboxes;
using ErlChat.Postings;
using ErlChat.Rooms;
using ErlChat.Sessions;

namespace ErlChat.Tests;

/// <summary>Sessions that nobody uses end by themselves.</summary>
public class IdleEvictionTests
{
    [Fact]
    public async Task An_idle_session_ends_and_the_others_are_told_why()
    {
        await using TestChat chat = await TestChat.StartAsync();
        IdleEviction eviction = await StartAsync(chat);
        TestSession idle = await chat.LoginAsync("idle"), bob = await chat.LoginAsync("bob");
        Task<MailRead> poll = bob.PollAsync(TimeSpan.FromHours(1));
        chat.Clock.Advance(chat.Options.IdleLimit + chat.Options.CheckIdle);
        Assert.Equal(new UserLeft(["lobby"], idle.Who, "timeout", Gone: true), Assert.Single((await poll.WithinAsync()).Mail).Content, Plain.Same);
        MailRead read = await idle.PollAsync().WithinAsync();
        Assert.Equal((MailStatus.Closed, CloseReason.Timeout), (read.Status, read.Reason));
        await Eventually.BeTrueAsync(() => eviction.Evicted == 1);
        Assert.Equal(1, chat.Room.SessionCount);
    }

    // Invariant 6.
    [Fact]
    public async Task A_session_with_a_parked_poll_stays_however_long()
    {
        await using TestChat chat = await TestChat.StartAsync();
        IdleEviction eviction = await StartAsync(chat);
        TestSession bob = await chat.LoginAsync("bob");
        Task<MailRead> poll = bob.PollAsync(TimeSpan.FromDays(1));
        for (int i = 0; i < 20; i++)
            chat.Clock.Advance(chat.Options.IdleLimit);
        TestSession canary = chat.SessionOf(await chat.Room.JoinAsync(new JoinRequest("canary", "192.0.2.1") { Home = null }).WithinAsync());
        chat.Clock.Advance(chat.Options.IdleLimit);
        await Eventually.BeTrueAsync(() => eviction.Evicted == 1);
        Assert.Null(chat.Room.Find(canary.Key));
        Assert.NotNull(chat.Room.Find(bob.Key));
        Assert.Equal(1, bob.Box.Parked);
        Assert.False(bob.Box.IsClosed);
        chat.Office.StopAdmitting();
        await poll.WithinAsync();
    }

    [Fact]
    public async Task An_end_that_the_log_refused_is_tried_again()
    {
        var log = new FakeLog();
        await using TestChat chat = await new TestChatBuilder().WithLog(log).StartAsync();
        IdleEviction eviction = await StartAsync(chat);
        await chat.LoginAsync("idle");
        log.Taking = Taking.RefusingLater;
        chat.Clock.Advance(chat.Options.IdleLimit + chat.Options.CheckIdle);
        await Eventually.BeTrueAsync(() => chat.Logs.Of("AppendRefused").Count > 0);
        log.Taking = Taking.Well;
        await Eventually.BeTrueAsync(() =>
        {
            chat.Clock.Advance(chat.Options.CheckIdle);
            return chat.Room.SessionCount == 0;
        });
        await Eventually.BeTrueAsync(() => eviction.Evicted == 1);
    }

    // Each end waited for the one before to be synced: after an outage of the network thousands of sessions took minutes to end.
    [Fact]
    public async Task Idle_sessions_do_not_wait_for_each_others_place_in_the_log()
    {
        var log = new FakeLog();
        await using TestChat chat = await new TestChatBuilder().WithLog(log).StartAsync();
        IdleEviction eviction = await StartAsync(chat);
        await chat.LoginAsync("idle");
        await chat.LoginAsync("gone");
        int before = log.Taken;
        log.Hold();
        chat.Clock.Advance(chat.Options.IdleLimit + chat.Options.CheckIdle);
        await Eventually.BeTrueAsync(() => log.Taken == before + 2);
        log.Release();
        await Eventually.BeTrueAsync(() => eviction.Evicted == 2);
    }

    [Fact]
    public async Task Tombstones_are_forgotten_in_time()
    {
        await using TestChat chat = await TestChat.StartAsync();
        await StartAsync(chat);
        TestSession bob = await chat.LoginAsync("bob");
        await chat.Room.LeaveAsync(bob.Key).WithinAsync();
        Assert.Same(bob.Box, chat.Office.Find(bob.Key));
        await Eventually.BeTrueAsync(() =>
        {
            chat.Clock.Advance(chat.Options.CheckIdle);
            return chat.Office.Find(bob.Key) is null;
        });
        Assert.True(chat.Clock.Elapsed > chat.Options.PollTimeout + chat.Options.PollJitter);
    }

    // A server that was stopped by a signal, or whose machine slept, for longer than the idle limit logged out everybody who had no poll
    // parked at that moment.
    [Fact]
    public async Task Time_in_which_the_process_stood_still_is_nobodys_idleness()
    {
        await using TestChat chat = await TestChat.StartAsync();
        IdleEviction eviction = await StartAsync(chat);
        TestSession alice = await chat.LoginAsync("alice"), bob = await chat.LoginAsync("bob");
        chat.Clock.Advance(chat.Options.IdleLimit / 2);
        bob.Box.Touch();
        chat.Clock.StandStill(chat.Options.IdleLimit * 10);
        await Eventually.BeTrueAsync(() => chat.Logs.Of("ProcessStoodStill").Count == 1);
        Assert.Equal(2, chat.Room.SessionCount);

        // What they had been idle before still counts.
        chat.Clock.Advance(chat.Options.IdleLimit / 2 + chat.Options.CheckIdle * 2);
        await Eventually.BeTrueAsync(() => eviction.Evicted == 1);
        Assert.Null(chat.Room.Find(alice.Key));
        chat.Clock.Advance(chat.Options.IdleLimit / 2);
        await Eventually.BeTrueAsync(() => eviction.Evicted == 2);
        Assert.Single(chat.Logs.Of("ProcessStoodStill"));
    }

    // Where it is looked for rarely, less than two looks' time was no standstill, and more than the idle limit.
    [Fact]
    public async Task So_it_is_when_idle_sessions_are_looked_for_rarely()
    {
        await using TestChat chat = await new TestChatBuilder()
            .With(options => (options.CheckIdle, options.IdleLimit) = (TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(100)))
            .StartAsync();
        IdleEviction eviction = await StartAsync(chat);
        await chat.LoginAsync("alice");
        chat.Clock.StandStill(TimeSpan.FromSeconds(150));
        await Eventually.BeTrueAsync(() => chat.Logs.Of("ProcessStoodStill").Count == 1);
        Assert.Equal((1, 0), (chat.Room.SessionCount, eviction.Evicted));
    }

    /// <summary>Started, and waiting for its first look.</summary>
    private static async Task<IdleEviction> StartAsync(TestChat chat)
    {
        IdleEviction eviction = await chat.StartEvictionAsync();
        await Eventually.BeTrueAsync(() => chat.Clock.Timers == 1);
        return eviction;
    }
}
