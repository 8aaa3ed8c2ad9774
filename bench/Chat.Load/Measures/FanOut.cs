namespace ErlChat.Load.Measures;

/// <summary>Sends one message at a time to all listeners. Measures when each has it, and what it costs the server.</summary>
internal sealed class FanOut : IDeliveries
{
    private static readonly TimeSpan s_roundLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    private readonly Crowd _crowd;
    private readonly Reactor _reactor;
    private readonly int[] _last;
    private readonly long[] _served;
    private int _count;
    private int _number;
    private TaskCompletionSource _done = new();
    private string? _failure;

    private FanOut(Crowd crowd, Reactor reactor) =>
        (_crowd, _reactor, _last, _served) = (crowd, reactor, new int[crowd.Listeners.Length], new long[crowd.Listeners.Length]);

    /// <summary>Parks all listeners.</summary>
    /// <param name="pollAgain">Whether a client polls again as soon as it is served. Otherwise all do so when all are served.</param>
    internal static async Task<FanOut> ParkAsync(Crowd crowd, Reactor reactor, bool pollAgain, CancellationToken cancellationToken)
    {
        var fanOut = new FanOut(crowd, reactor);
        await crowd.ParkAsync(fanOut, pollAgain, cancellationToken);
        return fanOut;
    }

    /// <summary>Sends this many messages, each when all polls are parked again.</summary>
    internal async Task<FanOutFigures> RunAsync(int rounds, CancellationToken cancellationToken)
    {
        int n = _served.Length;
        var (median, late, last) = (new double[rounds], new double[rounds], new double[rounds]);
        var times = new Histogram();
        var (cpu, clientCpu) = (TimeSpan.Zero, TimeSpan.Zero);
        for (int round = 0; round < rounds; round++)
        {
            var (before, clientBefore) = (_crowd.Peer.CpuTime, Clock.OwnCpuTime);
            long started = await RoundAsync(cancellationToken);
            cpu += _crowd.Peer.CpuTime - before;
            clientCpu += Clock.OwnCpuTime - clientBefore;
            times.Clear();
            foreach (long served in _served)
                times.Add(Clock.Milliseconds(served - started));
            (median[round], late[round], last[round]) = (times.Percentile(50), times.Percentile(99), times.Longest);
        }

        ThrowIfFailed();
        return new FanOutFigures(
            n,
            rounds,
            Figures.Median(median),
            Figures.Median(late),
            Figures.Median(last),
            cpu.TotalMicroseconds / rounds / n,
            clientCpu.TotalMicroseconds / rounds / n);
    }

    void IDeliveries.Delivered(Listener listener, ReadOnlySpan<byte> content)
    {
        while (Marks.TryTake(ref content, out int number))
        {
            if (number == 0)
                continue;
            if (number != _number || _last[listener.Number] == number)
            {
                Fail($"message {number} came to listener {listener.Number} in round {_number}, whose last was {_last[listener.Number]}");
                return;
            }

            _last[listener.Number] = number;
            _served[_count++] = Clock.Now;
            if (_count == _served.Length)
                _done.TrySetResult();
        }

        if (!listener.PollsAgain && _last[listener.Number] != _number)
            listener.Park();
    }

    void IDeliveries.Failed(Listener listener, string why) => Fail($"listener {listener.Number}: {why}");

    private async Task<long> RoundAsync(CancellationToken cancellationToken)
    {
        ThrowIfFailed();
        _number++;
        _count = 0;
        _done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        long started = Clock.Now;
        _reactor.At(started + Clock.Ticks(s_roundLimit), EndOfPatience(_number));
        _crowd.Talkers[0].Say(_number);
        await _done.Task;
        if (!_crowd.Listeners[0].PollsAgain)
        {
            foreach (Listener listener in _crowd.Listeners)
                listener.Park();
        }

        await SettleAsync(cancellationToken);
        _crowd.CheckTalkers();
        return started;
    }

    /// <summary>Waits until the server is idle, so that all polls are parked.</summary>
    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        TimeSpan before = _crowd.Peer.CpuTime;
        for (int i = 0; i < 100; i++)
        {
            await _reactor.DelayAsync(s_pause);
            cancellationToken.ThrowIfCancellationRequested();
            TimeSpan now = _crowd.Peer.CpuTime;
            if (now - before < s_pause / 20)
                return;
            before = now;
        }
    }

    private Action EndOfPatience(int number) => () =>
    {
        if (_number == number && !_done.Task.IsCompleted)
            Fail(
                $"only {_count} of {_served.Length} had the message after {s_roundLimit.TotalSeconds:F0} s"
                + (_crowd.Talkers[0].Refused is { } why ? ": " + why : ""));
    };

    private void ThrowIfFailed()
    {
        if (_failure is not null)
            throw new IOException(_failure);
        _crowd.CheckListeners();
    }

    private void Fail(string why)
    {
        _failure ??= why;
        _done.TrySetException(new IOException(why));
    }
}
