using ErlChat.Delivery;
using ErlChat.Mailboxes;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.Settings;

namespace ErlChat.Tests;

/// <summary>Thousands of readers at many mailboxes, and everything that can end a read happening to all of them at the same time, by real timers and on real threads.</summary>
public class WakeStormTests
{
    private const int Boxes = 400;
    private const int ReadersPerBox = 4;
    private const int Items = 300;
    private const string Room = "lobby";

    // Invariants 1, 3, 4, 5 and 10. A wake that is lost shows as a missed deadline where time-outs are long, a double one as an exception of the awaited source.
    [Fact]
    public Task Every_reader_sees_all_mail_whatever_else_ends_its_reads() => Seeds.RunAsync(async seed =>
    {
        PostOffice office = NewOffice();
        Reader[] readers = [.. Enumerable.Range(0, Boxes * ReadersPerBox).Select(i => new Reader(office, KeyOf(i / ReadersPerBox), new Random(unchecked(seed * 31 + i))))];
        Task[] running = [.. readers.Select(reader => Task.Run(reader.ReadAllAsync))];
        await Eventually.BeTrueAsync(() => office.Parked > Boxes);
        var publisher = new Thread(() => Publish(office, new Random(seed), HasRaced)) { IsBackground = true };
        publisher.Start();
        await Task.WhenAll(running).WithinAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(0, office.Parked);
        Assert.All(readers, reader => Assert.Equal(Items, reader.Seen));

        // Otherwise nothing raced.
        Assert.True(HasRaced(), $"{readers.Sum(reader => reader.TimedOut)} time-outs, {readers.Sum(reader => reader.Aborted)} aborts");

        bool HasRaced() => readers.Sum(reader => reader.TimedOut) > 100 && readers.Sum(reader => reader.Aborted) > 100;
    });

    [Fact]
    public Task A_wake_of_thousands_ends_each_reader_once_whatever_else_ends_them() => Seeds.RunAsync(async seed =>
    {
        var random = new Random(seed);
        using var racers = new Racers(4);
        for (int round = 0; round < 40; round++)
        {
            PostOffice office = NewOffice();
            using var abort = new CancellationTokenSource();
            TimeSpan patience = TimeSpan.FromMilliseconds(random.Next(1, 12));
            var reads = new List<(int Box, Task<MailRead> Read)>();
            for (int i = 0; i < Boxes * ReadersPerBox; i++)
            {
                TimeSpan limit = random.Next(4) == 0 ? patience : TimeSpan.FromMinutes(5);
                reads.Add((i % Boxes, office.Find(KeyOf(i % Boxes))!.ReadAsync(1, hideListed: true, limit, random.Next(4) == 0 ? abort.Token : default).AsTask()));
            }

            int closed = random.Next(Boxes);
            int way = random.Next(3);
            racers.Meet(
                random,
                () =>
                {
                    // One thread posts and closes, as in the chat room.
                    if (way != 1)
                        Deliver(office, 1);
                    for (int i = 0; i < closed; i++)
                        office.Find(KeyOf(i))!.Close(CloseReason.Kicked, keepMail: true);
                },
                abort.Cancel,
                () => StopUnless(way == 0, office),
                () => Thread.SpinWait(5000));
            if (way == 1)
                Deliver(office, 1);
            MailRead[] results = await Task.WhenAll(reads.Select(read => read.Read)).WithinAsync(TimeSpan.FromSeconds(30));
            Assert.Equal(0, office.Parked);
            Assert.Equal(0, Registrations.On(abort));
            for (int i = 0; i < results.Length; i++)
                Assert.True(MayEndWith(results[i].Status, reads[i].Box < closed, way), $"{results[i].Status} in way {way}");

            // Whatever its read came to, who reads again finds the mail.
            foreach ((int box, _) in reads)
            {
                MailRead again = await office.Find(KeyOf(box))!.ReadAsync(1, hideListed: true, TimeSpan.Zero, default);
                Assert.True(again.Status == MailStatus.Mail || (way == 1 && box < closed), again.Status.ToString());
            }
        }
    });

    private static bool MayEndWith(MailStatus status, bool closed, int way) => status switch
    {
        MailStatus.Mail or MailStatus.Timeout or MailStatus.Aborted => true,
        MailStatus.Closed => closed,
        MailStatus.Stopping => way != 0,
        _ => false,
    };

    private static PostOffice NewOffice()
    {
        var options = new ChatOptions { MaxWaitsPerSession = ReadersPerBox, MaxMailboxItems = 1000, KeepAcknowledged = 1000 };
        var office = new PostOffice(Microsoft.Extensions.Options.Options.Create(options), TimeProvider.System);
        for (int i = 0; i < Boxes; i++)
        {
            office.Create(KeyOf(i), floor: 0);
            office.Enter(KeyOf(i), Room, quiet: false);
        }

        return office;
    }

    /// <summary>Pauses in the middle until enough reads have ended otherwise: once, all the mail came faster than the shortest time-out in every third run.</summary>
    private static void Publish(PostOffice office, Random random, Func<bool> hasRaced)
    {
        for (long sequence = 1; sequence <= Items; sequence++)
        {
            if (sequence == Items / 2)
                SpinWait.SpinUntil(hasRaced, TimeSpan.FromSeconds(30));
            Deliver(office, sequence);
            if (random.Next(3) == 0)
                Thread.SpinWait(random.Next(20_000));
        }
    }

    private static void Deliver(PostOffice office, long sequence)
    {
        office.Broadcast([Room], new Mail(sequence, DateTimeOffset.UnixEpoch, new Notice("x", null)), except: null);
        office.AdvanceHead(sequence);
    }

    private static SessionKey KeyOf(int box) => SessionKey.Of($"box {box}");

    /// <summary>Reads until it has all; some of its polls are short, some it gives up itself.</summary>
    private sealed class Reader(PostOffice office, SessionKey key, Random random)
    {
        internal int Seen { get; private set; }

        internal int TimedOut { get; private set; }

        internal int Aborted { get; private set; }

        internal async Task ReadAllAsync()
        {
            while (Seen < Items)
            {
                using var abort = new CancellationTokenSource();
                bool impatient = random.Next(4) == 0, fickle = random.Next(4) == 0;
                TimeSpan patience = impatient ? TimeSpan.FromMilliseconds(random.Next(4)) : TimeSpan.FromMinutes(5);
                ValueTask<MailRead> reading = office.Find(key)!.ReadAsync(Seen + 1, hideListed: true, patience, abort.Token);
                if (fickle)
                {
                    Thread.SpinWait(random.Next(500));
                    abort.Cancel();
                }

                MailRead read = await reading;
                Take(read);
            }
        }

        private void Take(MailRead read)
        {
            switch (read.Status)
            {
                case MailStatus.Mail:
                    foreach (Mail mail in read.Mail)
                        Assert.Equal(++Seen, mail.Sequence);
                    break;
                case MailStatus.Timeout:
                    TimedOut++;
                    break;
                case MailStatus.Aborted:
                    Aborted++;
                    break;
                default:
                    Assert.Fail(read.Status.ToString());
                    break;
            }
        }
    }

    private static void StopUnless(bool spared, PostOffice office)
    {
        if (!spared)
            office.StopAdmitting();
    }
}
