using ErlChat.History;
using ErlChat.Log;
using ErlChat.Mailboxes;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Rooms;

namespace ErlChat.Tests;

/// <summary>Users who go offline and come back: the mailbox and the history (docs/adr/0016).</summary>
public class PresenceTests
{
    [Fact]
    public async Task A_user_comes_back_to_the_same_session_and_reads_what_was_missed_in_the_history()
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession bob = await chat.LoginAsync("bob", keeps: true), amy = await chat.LoginAsync("amy");
        await GoOfflineAsync(chat, bob);
        await amy.DrainAsync();
        await amy.SubmitAsync("for your return", to: "bob");
        Assert.True(chat.Room.IsOffline(bob.Key));
        Assert.Equal((1, 1), (chat.Room.SessionCount, chat.Room.OfflineCount));

        Assert.Null(await chat.Room.ReturnAsync(bob.Key, CancellationToken.None));
        Assert.False(chat.Room.IsOffline(bob.Key));
        Assert.Equal(
            new UserReturned(["lobby"], bob.Who),
            (await amy.DrainAsync()).Select(mail => mail.Content).OfType<UserReturned>().Single(),
            Plain.Same);

        // Invariant 2: a position from before is not continued with a gap.
        Mailbox box = chat.Office.Find(bob.Key)!;
        foreach (long cursor in (long[])[bob.Cursor, 0, 1, bob.Cursor - 1])
            Assert.Equal(MailStatus.Resync, (await ReadAsync(box, cursor)).Status);
        box.Recall([new ShownList(1, bob.Cursor, bob.Cursor, IsOnly: false)]);
        Assert.Equal(MailStatus.Resync, (await ReadAsync(box, 1)).Status);
        MailPage missed = (await chat.Room.PrivateHistoryAsync(
            bob.Key, Correspondent.Anybody, long.MaxValue, 50, CancellationToken.None))!;
        Assert.Equal("for your return", Assert.IsType<Whisper>(Assert.Single(missed).Content).Text);

        // From here on, mail comes as usual.
        long from = chat.Office.Head + 1;
        await chat.SayAsync(amy, "welcome back");
        Assert.Equal("welcome back", Assert.IsType<Spoken>(Assert.Single((await ReadAsync(box, from)).Mail).Content).Text);
    }

    [Fact]
    public async Task A_user_who_is_offline_has_no_mailbox_and_no_timer()
    {
        await using TestChat chat = await TestChat.StartAsync();
        int before = chat.Clock.Timers;
        foreach (int number in Enumerable.Range(0, 20))
        {
            TestSession user = await chat.LoginAsync($"u{number}", keeps: true);
            Task<MailRead> parked = user.Box.ReadAsync(
                chat.Office.Head + 1, hideListed: true, chat.Options.PollTimeout, CancellationToken.None).AsTask();
            Assert.Equal(before + 1, chat.Clock.Timers);
            await GoOfflineAsync(chat, user);
            Assert.Equal(MailStatus.Closed, (await parked.WithinAsync()).Status);
        }

        Assert.Equal((20, 0L, before), (chat.Room.OfflineCount, chat.Office.Parked, chat.Clock.Timers));
        chat.Clock.Advance(chat.Options.PollTimeout + chat.Options.PollJitter + TimeSpan.FromSeconds(1));
        chat.Office.ForgetClosed();
        Assert.Equal(0, chat.Office.Count);
    }

    // The check before the log refused the nick, so nothing came to the log that could end the session.
    [Fact]
    public async Task The_nick_of_a_session_that_is_over_is_free()
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession bob = await chat.LoginAsync("bob", keeps: true);
        await GoOfflineAsync(chat, bob);
        Assert.IsType<Refused>((await chat.Room.JoinAsync(new JoinRequest("bob", "192.0.2.9")).WithinAsync()).Outcome);
        chat.Clock.Advance(chat.Options.GuestLifetime);
        TestSession stranger = await chat.LoginAsync("bob");
        Assert.NotEqual(bob.Who.UserId, stranger.Who.UserId);
        Assert.Null(await chat.Room.ReturnAsync(bob.Key, CancellationToken.None));
        Assert.Null(chat.Room.Find(bob.Key));
    }

    // The origin check, for example, may refuse the call that brought the user back.
    [Fact]
    public async Task A_user_who_came_back_and_did_nothing_goes_offline_again()
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession bob = await chat.LoginAsync("bob", keeps: true);
        await GoOfflineAsync(chat, bob);
        Assert.Null(await chat.Room.ReturnAsync(bob.Key, CancellationToken.None));
        Assert.IsType<Accepted>(await chat.Room.EvictAsync(bob.Key).WithinAsync());
        Assert.False(chat.Room.Find(bob.Key)!.IsOnline);
    }

    [Fact]
    public async Task A_call_during_a_stop_is_told_so_and_not_that_the_session_is_over()
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession bob = await chat.LoginAsync("bob", keeps: true);
        await GoOfflineAsync(chat, bob);
        await chat.Room.StopAsync(CancellationToken.None).WithinAsync();
        Assert.Equal(Refusal.Stopping, (await chat.Room.ReturnAsync(bob.Key, CancellationToken.None))!.Why);
    }

    [Fact]
    public async Task Many_calls_at_once_bring_a_user_back_with_one_entry()
    {
        var log = new SharedLog();
        await using TestChat chat = await new TestChatBuilder().WithLog(log.View()).StartAsync();
        TestSession bob = await chat.LoginAsync("bob", keeps: true);
        await GoOfflineAsync(chat, bob);
        Refused?[] refusals = await Task.WhenAll(Enumerable.Range(0, 50).Select(
            _ => Task.Run(() => chat.Room.ReturnAsync(bob.Key, CancellationToken.None).AsTask()))).WithinAsync();
        Assert.All(refusals, Assert.Null);
        Assert.Single(log.Entries, one => one.Entry is CameOnline);
        Assert.False(chat.Room.IsOffline(bob.Key));
        Assert.False(chat.Office.Find(bob.Key)!.IsClosed);
    }

    // The second case: nobody has used the token, so the answer to the login was probably lost, and the user will try again.
    [Theory]
    [InlineData(false, true, 7)]
    [InlineData(true, false, 7)]
    [InlineData(true, true, 0)]
    public async Task A_session_ends_at_the_idle_limit_if_its_user_could_not_come_back(bool keeps, bool isUsed, int days)
    {
        await using TestChat chat = await TestChat.StartAsync(options => options.GuestLifetime = TimeSpan.FromDays(days));
        TestSession bob = await chat.LoginAsync("bob", keeps: keeps);
        if (isUsed)
            bob.Box.Touch();
        Assert.IsType<Accepted>(await chat.Room.EvictAsync(bob.Key).WithinAsync());
        Assert.Null(chat.Room.Find(bob.Key));
        Assert.False(chat.Room.IsOffline(bob.Key));
    }

    // The sweep closes the mailbox, and the entry follows. A call in between must not tell the user that the session is over.
    [Fact]
    public async Task A_call_waits_for_a_session_that_is_about_to_go_offline()
    {
        var log = new FakeLog();
        await using TestChat chat = await new TestChatBuilder().WithLog(log).StartAsync();
        TestSession bob = await chat.LoginAsync("bob", keeps: true);
        bob.Box.Touch();
        chat.Clock.Advance(chat.Options.IdleLimit);
        Assert.Equal([bob.Key], chat.Office.EvictIdle());
        Assert.True(chat.Room.IsOffline(bob.Key));
        Task<Refused?> returning = chat.Room.ReturnAsync(bob.Key, CancellationToken.None).AsTask();
        Assert.False(returning.IsCompleted);
        await chat.Room.EvictAsync(bob.Key).WithinAsync();
        while (!returning.IsCompleted)
        {
            chat.Clock.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Yield();
        }

        Assert.Null(await returning);
        Assert.False(chat.Office.Find(bob.Key)!.IsClosed);
    }

    [Fact]
    public async Task A_call_is_refused_if_the_session_cannot_go_offline_because_the_log_is_not_available()
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession bob = await chat.LoginAsync("bob", keeps: true);
        bob.Box.Touch();
        chat.Clock.Advance(chat.Options.IdleLimit);
        chat.Office.EvictIdle();
        Task<Refused?> returning = chat.Room.ReturnAsync(bob.Key, CancellationToken.None).AsTask();
        for (int i = 0; i < 1000 && !returning.IsCompleted; i++)
        {
            chat.Clock.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }

        Assert.Equal(Refusal.Unavailable, (await returning.WithinAsync())!.Why);
    }

    [Fact]
    public Task Going_and_coming_in_any_order_leaves_mailboxes_for_exactly_those_who_are_online() => Seeds.RunAsync(async seed =>
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession[] users = [.. await Task.WhenAll(Enumerable.Range(0, 6).Select(i => chat.LoginAsync($"u{i}", keeps: true)))];
        Array.ForEach(users, user => user.Box.Touch());
        Task going = Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            var random = new Random(seed + worker);
            for (int i = 0; i < 200; i++)
            {
                TestSession user = users[random.Next(users.Length)];
                switch (random.Next(4))
                {
                    case 0:
                        await chat.Room.EvictAsync(user.Key);
                        break;
                    case 1:
                        await chat.Submissions.SubmitAsync(new Submissions.Submission(user.Key, "words"));
                        break;
                    default:
                        await chat.Room.ReturnAsync(user.Key, CancellationToken.None);
                        break;
                }
            }
        })));

        // A call that finds the user online, and the mailbox closed a moment later, looks again after 20 ms on the clock of the chat.
        long began = TimeProvider.System.GetTimestamp();
        while (!going.IsCompleted && TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(60))
        {
            chat.Clock.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }

        await going.WithinAsync();
        foreach (TestSession user in users)
        {
            bool isOnline = chat.Room.Find(user.Key)!.IsOnline;
            Assert.Equal(isOnline, chat.Office.Find(user.Key) is { IsClosed: false });
            Assert.Equal(!isOnline, chat.Room.IsOffline(user.Key));
        }

        Assert.Equal(users.Length, chat.Room.SessionCount + chat.Room.OfflineCount);
        chat.Logs.Verify();
    });

    private static async Task GoOfflineAsync(TestChat chat, TestSession session)
    {
        session.Box.Touch();
        Assert.IsType<Accepted>(await chat.Room.EvictAsync(session.Key).WithinAsync());
        Assert.False(chat.Room.Find(session.Key)!.IsOnline);
    }

    private static Task<MailRead> ReadAsync(Mailbox box, long cursor) =>
        box.ReadAsync(cursor, hideListed: true, TimeSpan.Zero, CancellationToken.None).AsTask().WithinAsync();
}
