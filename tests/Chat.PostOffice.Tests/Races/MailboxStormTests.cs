using ErlChat.Mailboxes;

namespace ErlChat.Tests;

/// <summary>Many readers of one mailbox, much mail.</summary>
public class MailboxStormTests
{
    private const int Readers = 8;
    private const int Items = 100_000;

    // Invariants 1, 3, 4 and 5: each id once, in order, for every reader, nobody woken by its time-out, nobody left parked.
    [Fact]
    public Task Every_reader_gets_every_mail_once_in_order() => Seeds.RunAsync(async seed =>
    {
        var one = new OneMailbox(
            options =>
            {
                options.MaxWaitsPerSession = Readers;
                options.MaxMailboxItems = options.KeepAcknowledged = Items;
                options.MaxMailboxBytes = 64 * 1024 * 1024;
            },
            TimeProvider.System);
        Task[] readers = [.. Enumerable.Range(0, Readers).Select(_ => Task.Run(() => ReadAllAsync(one)))];
        await Eventually.BeTrueAsync(() => one.Office.Parked == Readers);

        var random = new Random(seed);
        var publisher = new Thread(() => Publish(one, random)) { IsBackground = true };
        publisher.Start();
        await Task.WhenAll(readers).WithinAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(0, one.Office.Parked);
        Assert.Equal(Items, one.Office.Sent);
    });

    /// <summary>Bursts, and breaths in which readers get to park again: the moment at which a wake could be lost.</summary>
    private static void Publish(OneMailbox one, Random random)
    {
        for (long sequence = 1; sequence <= Items;)
        {
            long end = Math.Min(Items, sequence + random.Next(1, 60));
            while (sequence <= end)
                one.Put(sequence++);
            if (random.Next(4) == 0)
                Thread.SpinWait(random.Next(2000));
            else
                Thread.Yield();
        }
    }

    private static async Task ReadAllAsync(OneMailbox one)
    {
        long cursor = 1;
        while (cursor <= Items)
        {
            MailRead read = await one.ReadAsync(cursor, TimeSpan.FromMinutes(10));
            Assert.Equal(MailStatus.Mail, read.Status);
            foreach (Mail mail in read.Mail)
                Assert.Equal(cursor++, mail.Sequence);
        }
    }
}
