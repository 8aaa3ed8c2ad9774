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

    /// <summary>Leaving, expiring and mail at the same moment: the read ends, whichever was first, and no later one parks for ever.</summary>
    [Fact]
    public Task However_its_ends_race_it_ends_once() => Seeds.RunAsync(async seed =>
    {
        var random = new Random(seed);
        for (int round = 1; round <= 2000; round++)
        {
            var one = new OneMailbox();
            var waiter = new Waiter();
            int spin = random.Next(200);
            Task<MailRead> read = Task.Run(() => one.Box.ReadAsync(1, hideListed: true, waiter).AsTask());
            Task leaving = Task.Run(() =>
            {
                Thread.SpinWait(spin);
                waiter.Leave();
            });
            if (round % 2 == 0)
                waiter.Expire();
            if (round % 3 == 0)
                one.Put(1);
            await leaving.WithinAsync();
            await read.WithinAsync();
            one.AssertNothingLeft();
        }
    });

    /// <summary>One waiter for all its reads, while others post and let it expire: each mail is read once and in order, and no read is left parked by a wake that was another one's.</summary>
    [Fact]
    public Task Used_again_and_again_it_reads_everything_once() => Seeds.RunAsync(async seed =>
    {
        const int Mails = 20_000;
        var one = new OneMailbox(options => (options.MaxMailboxItems, options.MaxMailboxBytes) = (Mails, int.MaxValue));
        var waiter = new Waiter();
        var random = new Random(seed);
        Task posting = Task.Run(() =>
        {
            for (int i = 1; i <= Mails; i++)
            {
                one.Put(i);
                Thread.SpinWait(random.Next(60));
            }
        });
        using var done = new CancellationTokenSource();
        Task expiring = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                waiter.Expire();
                Thread.SpinWait(100);
            }
        });
        long cursor = 1;
        while (cursor <= Mails)
        {
            MailRead read = await one.Box.ReadAsync(cursor, hideListed: true, waiter).WithinAsync();
            Assert.True(read.Status is MailStatus.Mail or MailStatus.Timeout, read.Status.ToString());
            foreach (Mail mail in read.Mail)
                Assert.Equal(cursor++, mail.Sequence);
        }

        await done.CancelAsync();
        await expiring.WithinAsync();
        await posting.WithinAsync();
        one.AssertNothingLeft();
    });

    /// <summary>Leaving at the moment of a read that is not the first: it ends, and nothing is left parked.</summary>
    [Fact]
    public Task Leaving_ends_a_later_read_as_it_ends_the_first() => Seeds.RunAsync(async seed =>
    {
        var random = new Random(seed);
        for (int round = 0; round < 1000; round++)
        {
            var one = new OneMailbox();
            var waiter = new Waiter();
            int spin = random.Next(2000);
            Task reading = Task.Run(async () =>
            {
                long cursor = 1;
                while (true)
                {
                    MailRead read = await one.Box.ReadAsync(cursor, hideListed: true, waiter);
                    if (read.Status == MailStatus.Aborted)
                        return;
                    cursor = read.Mail[^1].Sequence + 1;
                }
            });
            Task leaving = Task.Run(() =>
            {
                Thread.SpinWait(spin);
                waiter.Leave();
            });
            one.Put(1, 2, 3);
            await leaving.WithinAsync();
            await reading.WithinAsync();
            one.AssertNothingLeft();
        }
    });

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
