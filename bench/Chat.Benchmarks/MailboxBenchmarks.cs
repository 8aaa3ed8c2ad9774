using BenchmarkDotNet.Attributes;
using ErlChat.Benchmarks.Support;
using ErlChat.Mailboxes;

namespace ErlChat.Benchmarks;

/// <summary>
/// One mailbox, and what happens to it: a mail is posted and nobody waits; a reader reads what is there; a reader parks, is woken by a mail, and reads it.
/// Each delivery of the chat is the first and the second, or the third.
/// </summary>
/// <remarks>A mail posted is a new one (104 bytes of what is allocated): a mailbox takes no mail twice.</remarks>
public class MailboxBenchmarks
{
    private const int Rounds = 1000;

    private readonly Office _office = new(people: 1);
    private readonly Waiter _waiter = new();

    private Mailbox Box => _office.Boxes[0];

    [Benchmark(Baseline = true)]
    public bool Post()
    {
        var woken = new WakeBatch(Wake.Mail);
        bool taken = Box.Post(_office.NewMail(), ref woken);
        woken.Send();
        return taken;
    }

    /// <summary>The newest mail, again and again: reading is not losing.</summary>
    [Benchmark]
    public int Read()
    {
        ValueTask<MailRead> read = Box.ReadAsync(_office.Next - 1, hideListed: true, Office.Patience, Office.Connection);
        return read.IsCompletedSuccessfully ? read.Result.Mail.Length : throw new InvalidOperationException("A reader had to wait for mail that is there.");
    }

    /// <summary>As a poll of the fast lane does. Many rounds in one call, so that its own await does not count.</summary>
    [Benchmark(OperationsPerInvoke = Rounds)]
    public Task ParkAndWake() => ParkAndWakeAsync(() => Box.ReadAsync(_office.Next, hideListed: true, _waiter));

    /// <summary>As an ordinary request does: with a timer, watching its connection.</summary>
    [Benchmark(OperationsPerInvoke = Rounds)]
    public Task ParkAndWakeOrdinary() => ParkAndWakeAsync(() => Box.ReadAsync(_office.Next, hideListed: true, Office.Patience, Office.Connection));

    private async Task ParkAndWakeAsync(Func<ValueTask<MailRead>> park)
    {
        for (int i = 0; i < Rounds; i++)
        {
            ValueTask<MailRead> parked = park();
            Post();
            if ((await parked).Status != MailStatus.Mail)
                throw new InvalidOperationException("A reader was not given its mail.");
        }
    }
}
