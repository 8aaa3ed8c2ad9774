using ErlChat.Eviction;
using ErlChat.History;
using ErlChat.Mailboxes;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Submissions;

namespace ErlChat.Tests;

/// <summary>A restart is invisible: a client that returns with the same token and cursor misses nothing and gets nothing twice.</summary>
public sealed class RestartTests : IAsyncDisposable
{
    private readonly SqliteParts _parts = new();

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_reader_goes_on_from_its_cursor(bool crash)
    {
        TestChat before = await _parts.StartChatAsync();
        TestSession alice = await before.LoginAsync("alice"), bob = await before.LoginAsync("bob");
        await bob.SubmitAsync("read before");
        await alice.DrainAsync();
        await bob.SubmitAsync("said before");
        await _parts.StopAsync(before, crash);

        TestChat after = await _parts.StartChatAsync();
        await after.Submissions.SubmitAsync(new Submission(bob.Key, "said after")).WithinAsync();
        Assert.Equal(["said before", "said after"], Spoken(await ReadAsync(after, alice.Key, alice.Cursor)));
        Assert.Equal(["read before", "said before", "said after"], Spoken(await ReadAsync(after, alice.Key, 1)));
        await _parts.StopAsync(after);
    }

    [Fact]
    public async Task A_parked_reader_that_polls_again_is_woken_by_the_next_message()
    {
        TestChat before = await _parts.StartChatAsync();
        TestSession alice = await before.LoginAsync("alice"), bob = await before.LoginAsync("bob");
        await alice.DrainAsync();
        Task<MailRead> parked = alice.PollAsync();
        await before.ParkedAsync(1);
        before.Office.StopAdmitting();
        Assert.Equal(MailStatus.Stopping, (await parked.WithinAsync()).Status);
        await _parts.StopAsync(before);

        TestChat after = await _parts.StartChatAsync();
        ValueTask<MailRead> again = after.Office.Find(alice.Key)!.ReadAsync(
            alice.Cursor, true, TimeSpan.FromMinutes(1), CancellationToken.None);
        await after.ParkedAsync(1);
        await after.Submissions.SubmitAsync(new Submission(bob.Key, "hello")).WithinAsync();
        Assert.Equal(["hello"], Spoken(await again.WithinAsync()));
        await _parts.StopAsync(after);
    }

    [Fact]
    public async Task A_cursor_older_than_the_restored_mail_must_resync()
    {
        _parts.Options.RestoreMail = 3;
        TestChat before = await _parts.StartChatAsync();
        TestSession alice = await before.LoginAsync("alice"), bob = await before.LoginAsync("bob");
        for (int i = 1; i <= 5; i++)
            await bob.SubmitAsync($"message {i}");
        long newest = before.Office.Head;
        await _parts.StopAsync(before);

        TestChat after = await _parts.StartChatAsync();
        Assert.Equal(MailStatus.Resync, (await ReadAsync(after, alice.Key, newest - 3)).Status);
        Assert.Equal(["message 3", "message 4", "message 5"], Spoken(await ReadAsync(after, alice.Key, newest - 2)));
        Assert.Equal(MailStatus.Resync, (await ReadAsync(after, alice.Key, newest + 2)).Status);
        await _parts.StopAsync(after);
    }

    // No entries followed the snapshot, so nothing was folded, and every cursor used to be taken for one from the future.
    [Fact]
    public async Task A_reader_goes_on_from_a_snapshot_of_the_newest_entry()
    {
        _parts.Options.RestoreMail = 0;
        TestChat before = await _parts.StartChatAsync();
        TestSession alice = await before.LoginAsync("alice");
        await alice.SubmitAsync("read before");
        await alice.DrainAsync();
        await _parts.StopAsync(before);
        Assert.Equal(alice.Cursor - 1, _parts.Scalar<long>("SELECT max(sequence) FROM snapshot"));

        TestChat after = await _parts.StartChatAsync();
        Assert.Equal(MailStatus.Timeout, (await ReadAsync(after, alice.Key, alice.Cursor)).Status);
        await after.Submissions.SubmitAsync(new Submission(alice.Key, "said after")).WithinAsync();
        Assert.Equal(["said after"], Spoken(await ReadAsync(after, alice.Key, alice.Cursor)));
        await _parts.StopAsync(after);
    }

    [Fact]
    public async Task Rooms_topics_bans_rights_voices_and_keys_survive()
    {
        var time = new ManualTimeProvider();
        TestChat before = await _parts.StartChatAsync(time);
        TestSession alice = await before.LoginAdminAsync("alice"), bob = await before.LoginAsync("bob");
        TestSession carol = await before.LoginAsync("carol", "192.0.2.99");
        await before.Room.EnterAsync(bob.Key, "Den").WithinAsync();
        await bob.SubmitAsync("/topic of the den", room: "den");
        await alice.SubmitAsync("/admin mute bob 600");
        await alice.SubmitAsync("/admin ban carol rude 600");
        TestSession eve = await before.LoginAsync("eve", "192.0.2.98");
        await alice.SubmitAsync("/admin ban eve noisy 600 person");
        var first = (Accepted)(await alice.SubmitAsync("once", key: "k"))!;
        await _parts.StopAsync(before, crash: true);

        TestChat after = await _parts.StartChatAsync(time);
        Assert.Equal("of the den", after.Room.FindRoom("DEN")!.Topic);
        Assert.True(after.Room.Find(alice.Key)!.IsAdmin);
        Assert.Equal(Refusal.Muted, ((Refused)(await after.Submissions.SubmitAsync(new Submission(bob.Key, "hm")).WithinAsync())!).Why);
        Assert.Equal(
            Refusal.HostBanned, ((Refused)(await after.Room.JoinAsync(new JoinRequest("dora", "192.0.2.99")).WithinAsync()).Outcome).Why);
        Assert.Equal(
            new Repeated(first), await after.Submissions.SubmitAsync(new Submission(alice.Key, "once") { Key = "k" }).WithinAsync());
        Assert.Null(after.Room.Find(carol.Key));

        // The person is banned everywhere, and nobody else at that address. What administrators did is still known.
        Assert.Equal(
            Refusal.HostBanned, ((Refused)(await after.Room.JoinAsync(new JoinRequest("EVE", "192.0.2.1")).WithinAsync()).Outcome).Why);
        Assert.IsType<JoinAccepted>((await after.Room.JoinAsync(new JoinRequest("fay", "192.0.2.98")).WithinAsync()).Outcome);
        Assert.Equal(before.Room.Acts(), after.Room.Acts());
        Assert.Equal(
            [("eve", eve.Who.UserId, "noisy"), ("carol", carol.Who.UserId, "rude"), ("bob", bob.Who.UserId, null), (null, null, null)],
            after.Room.Acts().Select(act => (act.Of, act.OfId, act.Text)));
        await _parts.StopAsync(after);
    }

    // "Leaving is readable", also when the server went down in between.
    [Fact]
    public async Task A_kicked_user_reads_the_reason_after_the_restart()
    {
        TestChat before = await _parts.StartChatAsync();
        TestSession alice = await before.LoginAdminAsync("alice"), bob = await before.LoginAsync("bob");
        await bob.DrainAsync();
        await alice.SubmitAsync("/admin kick bob rude");
        await _parts.StopAsync(before, crash: true);

        TestChat after = await _parts.StartChatAsync();
        MailRead notice = await ReadAsync(after, bob.Key, bob.Cursor);
        Assert.Equal(
            "You have been kicked from the chat room. Reason: rude", Assert.IsType<Notice>(Assert.Single(notice.Mail).Content).Text);
        MailRead closed = await ReadAsync(after, bob.Key, notice.Mail[0].Sequence + 1);
        Assert.Equal((MailStatus.Closed, CloseReason.Kicked), (closed.Status, closed.Reason));
        await _parts.StopAsync(after);
    }

    [Fact]
    public async Task Sessions_get_a_full_idle_limit_after_the_start()
    {
        var time = new ManualTimeProvider();
        TestChat before = await _parts.StartChatAsync(time);
        TestSession alice = await before.LoginAsync("alice");
        await _parts.StopAsync(before);

        time.UtcNow += TimeSpan.FromHours(8);
        TestChat after = await _parts.StartChatAsync(time);
        IdleEviction eviction = await after.StartEvictionAsync();
        await Eventually.BeTrueAsync(() => time.Timers > 0);
        time.Advance(after.Options.IdleLimit - TimeSpan.FromSeconds(6));
        Assert.NotNull(after.Room.Find(alice.Key));
        time.Advance(TimeSpan.FromSeconds(12));
        await Eventually.BeTrueAsync(() => after.Room.Find(alice.Key) is null);

        // It counts once its command is acknowledged, which is after the state has changed.
        await Eventually.BeTrueAsync(() => eviction.Evicted == 1);
        await _parts.StopAsync(after);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_user_who_was_offline_at_a_restart_still_is_and_can_come_back(bool crash)
    {
        var time = new ManualTimeProvider();
        TestChat before = await _parts.StartChatAsync(time);
        await before.StartEvictionAsync();
        await Eventually.BeTrueAsync(() => time.Timers > 0);
        TestSession alice = await before.LoginAsync("alice", keeps: true);
        alice.Box.Touch();
        time.Advance(before.Options.IdleLimit + before.Options.CheckIdle);
        await Eventually.BeTrueAsync(() => before.Room.OfflineCount == 1);
        TestSession bob = await before.LoginAsync("bob");
        await bob.SubmitAsync("for later", to: "alice");
        await _parts.StopAsync(before, crash: crash);

        TestChat after = await _parts.StartChatAsync(time);
        Assert.True(after.Room.IsOffline(alice.Key));
        Assert.True(after.Office.Find(alice.Key) is null or { IsClosed: true });
        Assert.NotNull(after.Office.Find(bob.Key));
        Assert.Null(await after.Room.ReturnAsync(alice.Key, CancellationToken.None));
        Assert.False(after.Office.Find(alice.Key)!.IsClosed);
        MailPage page = (await after.Room.PrivateHistoryAsync(
            alice.Key, Correspondent.Anybody, long.MaxValue, 50, CancellationToken.None))!;
        Assert.Equal("for later", Assert.IsType<Whisper>(Assert.Single(page).Content).Text);
        await _parts.StopAsync(after);
    }

    // A join that a list has shown stays hidden from the poll that follows, though the server was restarted between the two. The client
    // brings along what it was shown, in a cookie.
    [Fact]
    public async Task Joins_that_a_list_has_shown_stay_hidden()
    {
        TestChat before = await _parts.StartChatAsync();
        TestSession alice = await before.LoginAsync("alice");
        long from = before.Room.StartReading(alice.Box).From;
        await before.LoginAsync("bob");
        var list = (PeopleListed)await before.Room.ListAsync(alice.Box).WithinAsync();
        Assert.Contains(list.People, person => person.Nick == "bob");
        ShownList[] shown = [.. alice.Box.ShownLists()];
        await _parts.StopAsync(before, crash: true);

        TestChat after = await _parts.StartChatAsync();
        after.Office.Find(alice.Key)!.Recall(shown);
        Assert.Equal(MailStatus.Timeout, (await ReadAsync(after, alice.Key, from)).Status);
        await _parts.StopAsync(after);
    }

    [Fact]
    public async Task A_quiet_member_stays_quiet()
    {
        _parts.Options.RestoreMail = 1;
        TestChat before = await _parts.StartChatAsync();
        TestSession alice = await before.LoginAsync("alice"), bob = await before.LoginAsync("bob");
        await before.Room.EnterAsync(alice.Key, "den", quiet: true).WithinAsync();
        await before.Room.EnterAsync(bob.Key, "den").WithinAsync();
        await bob.SubmitAsync("one", room: "den");
        await _parts.StopAsync(before);

        TestChat after = await _parts.StartChatAsync();
        long head = after.Office.Head;
        await after.Room.PartAsync(bob.Key, "den").WithinAsync();
        await after.Room.EnterAsync(bob.Key, "den").WithinAsync();
        await after.Submissions.SubmitAsync(new Submission(bob.Key, "two") { Room = "den" }).WithinAsync();
        MailRead read = await ReadAsync(after, alice.Key, head + 1);
        Assert.Equal("two", Assert.IsType<Spoken>(Assert.Single(read.Mail).Content).Text);
        await _parts.StopAsync(after);
    }

    [Fact]
    public async Task A_new_run_is_not_taken_for_the_one_before()
    {
        TestChat first = await _parts.StartChatAsync();
        TestSession alice = await first.LoginAsync("alice");
        await _parts.StopAsync(first);
        TestChat second = await _parts.StartChatAsync();
        Assert.IsType<Accepted>(await second.Submissions.SubmitAsync(new Submission(alice.Key, "in the second run")).WithinAsync());
        await _parts.StopAsync(second);
        TestChat third = await _parts.StartChatAsync();
        Assert.Equal(["in the second run"], Spoken(await ReadAsync(third, alice.Key, 1)));
        await _parts.StopAsync(third);
    }

    private static Task<MailRead> ReadAsync(TestChat chat, SessionKey session, long cursor) =>
        chat.Office.Find(session)!.ReadAsync(cursor, true, TimeSpan.Zero, CancellationToken.None).WithinAsync();

    private static IEnumerable<string> Spoken(MailRead read) =>
        read.Mail.Select(mail => mail.Content).OfType<Spoken>().Select(spoken => spoken.Text);
}
