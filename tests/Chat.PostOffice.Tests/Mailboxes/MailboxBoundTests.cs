using ErlChat.Delivery;
using ErlChat.Mailboxes;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.Settings;

namespace ErlChat.Tests;

/// <summary>All mailboxes together hold no more than a bound, and the fullest pay for it: S9.</summary>
public class MailboxBoundTests
{
    private const int Owners = 40;
    private const int Bound = 200_000;

    // 32 full mailboxes of one address took 81 MB, and nothing kept there from being any number of them.
    [Fact]
    public async Task The_fullest_is_told_to_resync_and_a_small_one_keeps_what_it_has()
    {
        PostOffice office = NewOffice();
        for (int i = 0; i < Owners; i++)
            office.Create(KeyOf(i), floor: 0);
        long sequence = 0;
        for (int i = 1; i < Owners; i++)
            Send(office, i, ++sequence, 1000);
        for (int n = 0; n < 100; n++)
            Send(office, 0, ++sequence, 1000);

        Assert.InRange(office.HeldBytes, 1, Bound);
        Assert.Equal(MailStatus.Resync, (await ReadAsync(office, 0, 40)).Status);
        for (int i = 1; i < Owners; i++)
            Assert.Equal(MailStatus.Mail, (await ReadAsync(office, i, 0)).Status);
        Assert.InRange(office.Dropped, 1, 10);

        // From the end it goes on without a gap.
        long end = sequence;
        Send(office, 0, ++sequence, 10);
        MailRead read = await ReadAsync(office, 0, end + 1);
        Assert.Equal(sequence, Assert.Single(read.Mail).Sequence);
    }

    // A stranger with three boxes of private mail had a hundred readers of the lobby resync, whose boxes were fuller and cost next to nothing.
    [Fact]
    public async Task Who_holds_what_others_hold_too_does_not_pay_for_who_holds_his_own()
    {
        const int Readers = 100;
        PostOffice office = NewOffice();
        for (int i = 0; i < Readers + 3; i++)
            office.Create(KeyOf(i), floor: 0);
        for (int i = 0; i < Readers; i++)
            office.Enter(KeyOf(i), "lobby", quiet: false);
        long sequence = 0;
        for (int n = 0; n < 30; n++)
        {
            office.Broadcast(["lobby"], MailOf(++sequence, 1000), null);
            office.AdvanceHead(sequence);
        }

        for (int n = 0; office.Dropped == 0 && n < 1000; n++)
            Send(office, Readers + (n % 3), ++sequence, 100);
        Assert.InRange(office.Dropped, 1, 3);
        Assert.InRange(office.HeldBytes, 1, Bound);
        for (int i = 0; i < Readers; i++)
            Assert.Equal(30, (await ReadAsync(office, i, 0)).Mail.Length);
    }

    // Its bytes are there once: whoever counts them for each would have everybody resync in a large room.
    [Fact]
    public void What_many_hold_counts_once_until_the_last_lets_go()
    {
        PostOffice office = NewOffice();
        for (int i = 0; i < Owners; i++)
        {
            office.Create(KeyOf(i), floor: 0);
            office.Enter(KeyOf(i), "lobby", quiet: false);
        }

        Mail mail = MailOf(1, 5000);
        office.Broadcast(["lobby"], mail, null);
        Assert.Equal(mail.Weight, office.HeldBytes);
        for (int i = 0; i < Owners; i++)
        {
            Assert.Equal(mail.Weight, office.HeldBytes);
            office.Delete(KeyOf(i), CloseReason.Left, keepMail: false);
        }

        Assert.Equal(0, office.HeldBytes);
        Assert.Equal(0, office.Dropped);
    }

    // Mail that an ended session may still read is held too, until the session is forgotten or its key has another mailbox.
    [Fact]
    public void Ended_sessions_let_go_when_they_are_forgotten()
    {
        var time = new ManualTimeProvider();
        PostOffice office = NewOffice(time);
        office.Create(KeyOf(0), floor: 0);
        Send(office, 0, 1, 100);
        office.Delete(KeyOf(0), CloseReason.Kicked, keepMail: true);
        Assert.NotEqual(0, office.HeldBytes);
        time.Advance(TimeSpan.FromMinutes(2));
        office.ForgetClosed();
        Assert.Equal(0, office.HeldBytes);

        office.Create(KeyOf(1), floor: 0);
        Send(office, 1, 2, 100);
        office.Create(KeyOf(1), floor: 3);
        Assert.Equal(0, office.HeldBytes);
    }

    // Readers acknowledge, fall behind and end while mail is posted to one and to all: what is counted is what is held, a reader sees each mail once or is told to resync.
    [Fact]
    public async Task Counting_and_dropping_go_on_while_others_read() => await Seeds.RunAsync(async seed =>
    {
        Console.WriteLine($"{Seeds.Variable}={seed}");
        const int Mails = 20_000;
        PostOffice office = NewOffice(TimeProvider.System);
        for (int i = 0; i < Owners; i++)
        {
            office.Create(KeyOf(i), floor: 0);
            office.Enter(KeyOf(i), "lobby", quiet: false);
        }

        int resyncs = 0;
        bool[] isOver = [false];
        Task[] readers = [.. Enumerable.Range(0, Owners / 2).Select(i => Task.Run(() => ReadOn(i)))];
        var random = new Random(seed);
        await Task.Run(() =>
        {
            for (int sequence = 1; sequence <= Mails; sequence++)
            {
                Mail mail = MailOf(sequence, random.Next(2000));
                if (random.Next(3) == 0)
                    office.Broadcast(["lobby"], mail, null);
                else
                    office.Send(KeyOf(random.Next(Owners)), mail);
                office.AdvanceHead(sequence);
                Assert.True(office.HeldBytes <= Bound, $"{office.HeldBytes} are held.");
            }
        }).WithinAsync(TimeSpan.FromSeconds(60));
        Volatile.Write(ref isOver[0], true);
        await Task.WhenAll(readers).WithinAsync();
        Assert.True(office.Dropped > 0);
        Console.WriteLine($"{office.Dropped} dropped, {resyncs} resyncs seen.");
        for (int i = 0; i < Owners; i++)
            office.Delete(KeyOf(i), CloseReason.Left, keepMail: false);
        Assert.Equal(0, office.HeldBytes);

        async Task ReadOn(int owner)
        {
            var pace = new Random(seed + owner);
            long cursor = 1;
            while (!Volatile.Read(ref isOver[0]))
            {
                MailRead read = await ReadAsync(office, owner, cursor);
                if (read.Status == MailStatus.Mail)
                {
                    Assert.True(read.Mail[0].Sequence >= cursor);
                    for (int i = 1; i < read.Mail.Length; i++)
                        Assert.True(read.Mail[i].Sequence > read.Mail[i - 1].Sequence);
                    cursor = read.Mail[^1].Sequence + 1;
                }
                else if (read.Status == MailStatus.Resync)
                {
                    Interlocked.Increment(ref resyncs);
                    cursor = office.Head + 1;
                }

                if (pace.Next(4) == 0)
                    await Task.Delay(TimeSpan.FromMilliseconds(pace.Next(3)), TimeProvider.System);
                else
                    await Task.Yield();
            }
        }
    });

    private static PostOffice NewOffice(TimeProvider? time = null) => new(
        Microsoft.Extensions.Options.Options.Create(new ChatOptions { MaxMailboxBytes = Bound, MaxMailboxBytesTotal = Bound, MaxMailboxItems = 100_000 }),
        time ?? new ManualTimeProvider());

    private static SessionKey KeyOf(int owner) => SessionKey.Of($"owner {owner}");

    private static Mail MailOf(long sequence, int length) => new(sequence, DateTimeOffset.UnixEpoch, new Notice(new string('x', length), null));

    private static void Send(PostOffice office, int owner, long sequence, int length)
    {
        office.Send(KeyOf(owner), MailOf(sequence, length));
        office.AdvanceHead(sequence);
    }

    private static Task<MailRead> ReadAsync(PostOffice office, int owner, long cursor) =>
        office.Find(KeyOf(owner))!.ReadAsync(cursor, hideListed: true, TimeSpan.Zero, CancellationToken.None).AsTask().WithinAsync();
}
