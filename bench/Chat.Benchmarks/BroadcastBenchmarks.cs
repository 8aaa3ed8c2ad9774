using BenchmarkDotNet.Attributes;
using ErlChat.Benchmarks.Support;
using ErlChat.Mailboxes;

namespace ErlChat.Benchmarks;

/// <summary>
/// One message to everybody in a room: while nobody is parked (references into mailboxes, by the log's reader alone), and while everybody is, where each is woken, reads
/// and parks again. The first is what the one thread that all messages go through spends; the difference is the work of the pool, and the floor of what a door can reach.
/// </summary>
/// <remarks>Figures are for the whole message: divide by the listeners. What is allocated for each must not depend on how many there are; the time does, most likely because 10 000 mailboxes are in no cache.</remarks>
public class BroadcastBenchmarks
{
    private static readonly ManualResetEventSlim s_allParked = new(false, spinCount: 0);

    private Office _office = null!;
    private Task[] _listening = [];
    private int _left;

    [Params(1_000, 10_000)]
    public int Listeners { get; set; }

    [GlobalSetup(Target = nameof(NobodyParked))]
    public void Open() => _office = new Office(Listeners);

    [GlobalSetup(Target = nameof(EverybodyParked))]
    public void Park()
    {
        Open();
        _left = Listeners;
        _listening = [.. _office.Boxes.Select(ListenAsync)];
        s_allParked.Wait();
    }

    [GlobalCleanup]
    public async Task CloseAsync()
    {
        _office.Stop();
        await Task.WhenAll(_listening);
    }

    [Benchmark(Baseline = true)]
    public void NobodyParked() => _office.Broadcast();

    /// <summary>From the message until the last one is parked again.</summary>
    [Benchmark]
    public void EverybodyParked()
    {
        s_allParked.Reset();
        _left = Listeners;
        _office.Broadcast();
        s_allParked.Wait();
    }

    private async Task ListenAsync(Mailbox box)
    {
        long cursor = _office.Next;
        var waiter = new Waiter();
        while (true)
        {
            // It is parked when this returns.
            ValueTask<MailRead> parked = box.ReadAsync(cursor, hideListed: true, waiter);
            if (Interlocked.Decrement(ref _left) == 0)
                s_allParked.Set();
            MailRead read = await parked;
            if (read.Status != MailStatus.Mail)
                return;
            cursor = read.Mail[^1].Sequence + 1;
        }
    }
}
