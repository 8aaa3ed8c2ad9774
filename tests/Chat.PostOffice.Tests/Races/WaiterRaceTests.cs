using ErlChat.Mailboxes;

namespace ErlChat.Tests;

/// <summary>A waiter that is used again and again, while whoever keeps the time, sees the connection end and posts mail does so from other threads.</summary>
public class WaiterRaceTests
{
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
}
