using BenchmarkDotNet.Attributes;
using ErlChat.Benchmarks.Support;
using ErlChat.Mailboxes;

namespace ErlChat.Benchmarks;

/// <summary>
/// One message to everybody in a room. First while no reader is parked: the log's reader alone puts references into the mailboxes. Then
/// while every reader is parked, and each is woken, reads and parks again. The first is the time spent on the one thread that all messages
/// go through. The difference is the work of the thread pool, and the minimum cost of an HTTP or WebSocket endpoint.
/// </summary>
/// <remarks>
/// Figures are for the whole message: divide them by the number of listeners. The bytes allocated per listener must not depend on the
/// number of listeners. The time does, most likely because 10 000 mailboxes fit into no cache.
/// </remarks>
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

    /// <summary>From the message until the last reader is parked again.</summary>
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
            // The reader is parked when this returns.
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
