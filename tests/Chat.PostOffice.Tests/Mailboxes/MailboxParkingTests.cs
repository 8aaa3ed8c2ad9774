using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Postings;
using ErlChat.Sessions;

namespace ErlChat.Tests;

/// <summary>Parking: how a parked read ends, and that nothing of it stays behind.</summary>
public class MailboxParkingTests
{
    [Fact]
    public async Task A_parked_read_times_out_when_its_patience_is_over_and_not_before()
    {
        var one = new OneMailbox();
        Task<MailRead> read = await one.ParkAsync(1, TimeSpan.FromSeconds(50));
        one.Clock.Advance(TimeSpan.FromSeconds(50) - TimeSpan.FromTicks(1));
        Assert.Equal(1, one.Office.Parked);
        Assert.False(read.IsCompleted);
        one.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(MailStatus.Timeout, (await read.WithinAsync()).Status);
        one.AssertNothingLeft();
    }

    [Fact]
    public async Task Without_patience_a_read_times_out_at_once()
    {
        var one = new OneMailbox();
        Assert.Equal(MailStatus.Timeout, (await one.ReadAsync(0, TimeSpan.Zero).WithinAsync()).Status);
        Assert.Equal(MailStatus.Timeout, (await one.ReadAsync(0, TimeSpan.FromSeconds(-1)).WithinAsync()).Status);
        one.AssertNothingLeft();
    }

    [Fact]
    public async Task A_reader_that_goes_away_is_not_parked_any_more()
    {
        var one = new OneMailbox();
        using var abort = new CancellationTokenSource();
        Task<MailRead> read = await one.ParkAsync(1, aborted: abort.Token);
        await abort.CancelAsync();
        Assert.Equal(MailStatus.Aborted, (await read.WithinAsync()).Status);
        one.AssertNothingLeft();
    }

    [Fact]
    public async Task A_reader_that_went_away_before_it_parked_leaves_nothing()
    {
        var one = new OneMailbox();
        Assert.Equal(MailStatus.Aborted, (await one.ReadAsync(1, aborted: new CancellationToken(canceled: true)).WithinAsync()).Status);
        one.AssertNothingLeft();
    }

    [Fact]
    public async Task An_aborted_reader_removes_only_itself()
    {
        var one = new OneMailbox();
        using var abort = new CancellationTokenSource();
        Task<MailRead> first = await one.ParkAsync(1);
        Task<MailRead> aborted = await one.ParkAsync(1, aborted: abort.Token);
        Task<MailRead> last = await one.ParkAsync(1);
        await abort.CancelAsync();
        Assert.Equal(MailStatus.Aborted, (await aborted.WithinAsync()).Status);
        Assert.Equal(2, one.Office.Parked);
        one.Put(1);
        Assert.Equal(MailStatus.Mail, (await first.WithinAsync()).Status);
        Assert.Equal(MailStatus.Mail, (await last.WithinAsync()).Status);
        one.AssertNothingLeft();
    }

    [Fact]
    public async Task One_reader_too_many_supersedes_the_oldest_for_good()
    {
        var one = new OneMailbox(options => options.MaxWaitsPerSession = 2);
        Task<MailRead> oldest = await one.ParkAsync(1);
        Task<MailRead> second = await one.ParkAsync(1);
        Task<MailRead> third = one.ReadAsync(1);
        Assert.Equal(MailStatus.Superseded, (await oldest.WithinAsync()).Status);
        Assert.Equal(2, one.Office.Parked);
        one.Put(1);
        Assert.Equal(MailStatus.Mail, (await second.WithinAsync()).Status);
        Assert.Equal(MailStatus.Mail, (await third.WithinAsync()).Status);
        one.AssertNothingLeft();
    }

    [Fact]
    public async Task Of_many_too_many_each_supersedes_the_one_that_was_oldest_then()
    {
        var one = new OneMailbox(options => options.MaxWaitsPerSession = 3);
        var reads = new List<Task<MailRead>>();
        for (int i = 0; i < 8; i++)
        {
            reads.Add(one.ReadAsync(1));
            if (i >= 3)
                Assert.Equal(MailStatus.Superseded, (await reads[i - 3].WithinAsync()).Status);
        }

        Assert.All(reads[5..], read => Assert.False(read.IsCompleted));
        one.Box.Close(CloseReason.Left, keepMail: false);
        await Task.WhenAll(reads).WithinAsync();
        one.AssertNothingLeft();
    }

    // Invariant 4: a continuation never runs inside the one that wakes, not even when it blocks.
    [Theory]
    [InlineData(Wake.Mail)]
    [InlineData(Wake.Timeout)]
    [InlineData(Wake.Aborted)]
    [InlineData(Wake.Closed)]
    [InlineData(Wake.Superseded)]
    [InlineData(Wake.Stopping)]
    public async Task Waking_does_not_run_the_woken_readers_code(Wake why)
    {
        var one = new OneMailbox(options => options.MaxWaitsPerSession = 1);
        using var abort = new CancellationTokenSource();
        using var release = new ManualResetEventSlim();
        var reader = Task.Run(async () =>
        {
            await one.Box.ReadAsync(1, hideListed: true, one.Options.PollTimeout, abort.Token);
            release.Wait();
        });
        await Eventually.BeTrueAsync(() => one.Office.Parked == 1);
        try
        {
            await Task.Run(() => End(one, why, abort)).WithinAsync();
        }
        finally
        {
            release.Set();
        }

        await reader.WithinAsync();
    }

    // Invariant 5: whatever ends a wait, its timer and its registration are gone, and so is it.
    [Theory]
    [InlineData(Wake.Mail, MailStatus.Mail)]
    [InlineData(Wake.Timeout, MailStatus.Timeout)]
    [InlineData(Wake.Aborted, MailStatus.Aborted)]
    [InlineData(Wake.Closed, MailStatus.Closed)]
    [InlineData(Wake.Superseded, MailStatus.Superseded)]
    [InlineData(Wake.Stopping, MailStatus.Stopping)]
    public async Task Whatever_ends_a_wait_nothing_of_it_is_left(Wake why, MailStatus status)
    {
        var one = new OneMailbox(options => options.MaxWaitsPerSession = 1);
        using var abort = new CancellationTokenSource();
        Task<MailRead> read = await one.ParkAsync(1, aborted: abort.Token);
        await Eventually.BeTrueAsync(() => Registrations.On(abort) == 1);
        Assert.Equal(1, one.Clock.Timers);
        End(one, why, abort);
        Assert.Equal(status, (await read.WithinAsync()).Status);
        Assert.Equal(0, Registrations.On(abort));
        if (why == Wake.Superseded)
            one.Box.Close(CloseReason.Left, keepMail: false);
        await Eventually.BeTrueAsync(() => one.Clock.Timers == 0);
        one.AssertNothingLeft();
    }

    // Invariant 4: a wake is only a reason; the reader reads again, and finds that this mail is not for it.
    [Fact]
    public async Task A_reader_woken_by_mail_that_is_hidden_from_it_waits_on_for_the_rest_of_its_time()
    {
        var one = new OneMailbox();
        one.Office.AdvanceHead(9);
        one.Box.Hide(10, 20);
        Task<MailRead> read = await one.ParkAsync(10, TimeSpan.FromSeconds(50));
        one.Clock.Advance(TimeSpan.FromSeconds(30));
        one.Put(11, new UserEntered(RoomName.Lobby, new Person("bob", "bob", "1")));
        await Eventually.BeTrueAsync(() => one.Office.Parked == 1 && one.Clock.Timers == 1);
        one.Clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(MailStatus.Timeout, (await read.WithinAsync()).Status);
        one.AssertNothingLeft();
    }

    [Fact]
    public async Task A_reader_whose_callers_context_does_not_flow_can_park()
    {
        var one = new OneMailbox();
        Task<MailRead> read;
        using (ExecutionContext.SuppressFlow())
            read = one.ReadAsync(1);
        one.Put(1);
        Assert.Equal(MailStatus.Mail, (await read.WithinAsync()).Status);
        one.AssertNothingLeft();
    }

    private static void End(OneMailbox one, Wake why, CancellationTokenSource abort)
    {
        switch (why)
        {
            case Wake.Mail:
                one.Put(1);
                break;
            case Wake.Timeout:
                one.Clock.Advance(one.Options.PollTimeout);
                break;
            case Wake.Aborted:
                abort.Cancel();
                break;
            case Wake.Closed:
                one.Box.Close(CloseReason.Left, keepMail: false);
                break;
            case Wake.Superseded:
                _ = one.ReadAsync(1);
                break;
            case Wake.Stopping:
                one.Office.StopAdmitting();
                break;
        }
    }
}
