using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Postings;
using ErlChat.Sessions;

namespace ErlChat.Tests;

/// <summary>A waiter whose owner keeps the time.</summary>
public class WaiterTests
{
    private readonly OneMailbox _one = new();
    private readonly Waiter _waiter = new();

    [Fact]
    public async Task It_is_woken_by_mail_like_any_other_and_no_timer_is_made_for_it()
    {
        Task<MailRead> read = await ParkAsync();
        Assert.Equal(0, _one.Clock.Timers);
        _one.Put(1);
        Assert.Equal(1, (await read.WithinAsync()).Mail.Single().Sequence);
        _one.AssertNothingLeft();
    }

    // One client with an ordinary poll, and thousands of requests behind it, kept others' mail waiting: the server went on with them on the thread that wakes all.
    [Fact]
    public async Task What_an_ordinary_reader_does_next_keeps_nobody_waiting()
    {
        using var goOn = new ManualResetEventSlim();
        Task busy = Task.Run(async () =>
        {
            await _one.Box.ReadAsync(1, hideListed: true, TimeSpan.FromMinutes(5), default);
            goOn.Wait(TimeSpan.FromMinutes(1));
        });
        await Eventually.BeTrueAsync(() => _one.Office.Parked == 1);
        Task<MailRead> read = _one.Box.ReadAsync(1, hideListed: true, _waiter).AsTask();
        try
        {
            _one.Put(1);
            Assert.Equal(MailStatus.Mail, (await read.WithinAsync()).Status);
            Assert.False(busy.IsCompleted);
        }
        finally
        {
            goOn.Set();
            await busy.WithinAsync();
        }
    }

    // What awaits a read is awakened in the thread that wakes a hundred others: an exception there ended the process.
    [Theory]
    [InlineData(MailStatus.Mail)]
    [InlineData(MailStatus.Stopping)]
    [InlineData(MailStatus.Closed)]
    public async Task A_reader_that_throws_where_it_is_woken_loses_nobody_elses_wake(MailStatus end)
    {
        var failures = new System.Collections.Concurrent.ConcurrentQueue<Exception>();
        _one.Office.ReaderFailed = failures.Enqueue;
#pragma warning disable CA2012 // What an await does with a ValueTask, by hand: an async method's own exceptions would go into its task.
        _one.Box.ReadAsync(1, hideListed: true, new Waiter()).GetAwaiter().UnsafeOnCompleted(static () => throw new InvalidOperationException("A bug."));
#pragma warning restore CA2012
        Task<MailRead> read = _one.Box.ReadAsync(1, hideListed: true, _waiter).AsTask();
        await Eventually.BeTrueAsync(() => _one.Office.Parked == 2);
        if (end == MailStatus.Mail)
            _one.Put(1);
        else
            End(end);
        Assert.Equal(end, (await read.WithinAsync()).Status);
        Assert.Equal("A bug.", Assert.Single(failures).Message);
        Assert.Equal(0, _one.Office.Parked);
    }

    [Fact]
    public async Task It_expires_when_it_says_so_and_can_read_again()
    {
        Task<MailRead> read = await ParkAsync();
        _waiter.Expire();
        Assert.Equal(MailStatus.Timeout, (await read.WithinAsync()).Status);
        _one.AssertNothingLeft();

        // Too late or too early is nothing.
        _waiter.Expire();
        Task<MailRead> next = await ParkAsync();
        _one.Put(1);
        Assert.Equal(MailStatus.Mail, (await next.WithinAsync()).Status);
    }

    [Fact]
    public async Task Once_it_has_left_it_never_parks_again()
    {
        Task<MailRead> read = await ParkAsync();
        _waiter.Leave();
        Assert.Equal(MailStatus.Aborted, (await read.WithinAsync()).Status);
        Assert.Equal(MailStatus.Aborted, (await _one.Box.ReadAsync(1, hideListed: true, _waiter).WithinAsync()).Status);
        _one.AssertNothingLeft();

        // What is there already is given all the same: nothing waits for it.
        _one.Put(1);
        Assert.Equal(MailStatus.Mail, (await _one.Box.ReadAsync(1, hideListed: true, _waiter).WithinAsync()).Status);
    }

    [Fact]
    public async Task A_kick_is_told_with_its_notice_first()
    {
        Task<MailRead> read = await ParkAsync();
        _one.Put(1);
        _one.Office.Delete(OneMailbox.Owner, CloseReason.Kicked, keepMail: true);
        Assert.Equal(1, (await read.WithinAsync()).Mail.Single().Sequence);
        MailRead end = await _one.Box.ReadAsync(2, hideListed: true, _waiter).WithinAsync();
        Assert.Equal((MailStatus.Closed, CloseReason.Kicked), (end.Status, end.Reason));
    }

    // A join that a list has shown already wakes a reader for nothing. What ended its wait meanwhile found no park to end, and what parked again parked for ever.
    [Theory]
    [InlineData(MailStatus.Timeout)]
    [InlineData(MailStatus.Aborted)]
    [InlineData(MailStatus.Stopping)]
    [InlineData(MailStatus.Closed)]
    public async Task What_ends_a_read_while_it_is_woken_for_nothing_ends_it(MailStatus end)
    {
        Task<MailRead> read = await ParkAsync();
        WakeBatch woken = WakeForNothing();
        End(end);
        woken.Send();
        Assert.Equal(end, (await read.WithinAsync()).Status);
        _one.AssertNothingLeft();
    }

    [Theory]
    [InlineData(MailStatus.Timeout)]
    [InlineData(MailStatus.Aborted)]
    [InlineData(MailStatus.Stopping)]
    [InlineData(MailStatus.Closed)]
    public async Task And_what_ends_it_after_that_ends_it_too(MailStatus end)
    {
        Task<MailRead> read = await ParkAsync();
        WakeForNothing().Send();
        await Eventually.BeTrueAsync(() => _one.Office.Parked == 1);
        End(end);
        Assert.Equal(end, (await read.WithinAsync()).Status);
        _one.AssertNothingLeft();
    }

    // The same for a poll that came as an ordinary request, whose timer fires once.
    [Fact]
    public async Task A_read_whose_time_ends_while_it_is_woken_for_nothing_times_out()
    {
        Task<MailRead> read = await _one.ParkAsync(1);
        WakeBatch woken = WakeForNothing();
        _one.Clock.Advance(_one.Options.PollTimeout);
        woken.Send();
        Assert.Equal(MailStatus.Timeout, (await read.WithinAsync()).Status);
        _one.AssertNothingLeft();
    }

    [Fact]
    public async Task It_goes_from_one_mailbox_to_the_other()
    {
        var other = new OneMailbox();
        Task<MailRead> read = await ParkAsync();
        _one.Put(1);
        Assert.Equal(MailStatus.Mail, (await read.WithinAsync()).Status);
        read = other.Box.ReadAsync(1, hideListed: true, _waiter).AsTask();
        _one.Put(2);
        Assert.False(read.IsCompleted);
        _waiter.Leave();
        Assert.Equal(MailStatus.Aborted, (await read.WithinAsync()).Status);
        other.AssertNothingLeft();
    }

    [Fact]
    public async Task It_refuses_a_second_read_and_the_first_goes_on()
    {
        Task<MailRead> read = await ParkAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => _one.Box.ReadAsync(1, hideListed: true, _waiter).AsTask());
        _one.Put(1);
        Assert.Equal(MailStatus.Mail, (await read.WithinAsync()).Status);
        _one.AssertNothingLeft();
    }

    /// <summary>Mail that is hidden from who is parked: it is woken, but the wake is still on its way.</summary>
    private WakeBatch WakeForNothing()
    {
        var woken = new WakeBatch(Wake.Mail);
        Assert.True(_one.Box.Post(new Mail(1, _one.Time.GetUtcNow(), new UserEntered(RoomName.Lobby, new Person("bob", "bob", "1"))), ref woken));
        _one.Office.AdvanceHead(1);
        _one.Box.Hide(1, 1);
        return woken;
    }

    private void End(MailStatus end)
    {
        switch (end)
        {
            case MailStatus.Timeout:
                _waiter.Expire();
                break;
            case MailStatus.Aborted:
                _waiter.Leave();
                break;
            case MailStatus.Stopping:
                _one.Office.StopAdmitting();
                break;
            default:
                _one.Office.Delete(OneMailbox.Owner, CloseReason.Left, keepMail: false);
                break;
        }
    }

    private async Task<Task<MailRead>> ParkAsync()
    {
        Task<MailRead> read = _one.Box.ReadAsync(_one.Office.Head + 1, hideListed: true, _waiter).AsTask();
        await Eventually.BeTrueAsync(() => _one.Office.Parked == 1);
        Assert.False(read.IsCompleted);
        return read;
    }
}
