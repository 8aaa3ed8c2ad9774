namespace ErlChat.Tests;

/// <summary>A waiter that ends its waits by itself.</summary>
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

    private async Task<Task<MailRead>> ParkAsync()
    {
        Task<MailRead> read = _one.Box.ReadAsync(_one.Office.Head + 1, hideListed: true, _waiter).AsTask();
        await Eventually.BeTrueAsync(() => _one.Office.Parked == 1);
        Assert.False(read.IsCompleted);
        return read;
    }
}
