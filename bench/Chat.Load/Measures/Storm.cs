namespace ErlChat.Load.Measures;

/// <summary>
/// All listeners come back after a restart of our server, with their sessions and cursors from before. At the moment the new server
/// listens, one message is sent. A listener is served when it has received that message over a new connection. So in the end all were
/// admitted, recognised and answered, and nothing was lost.
/// </summary>
internal sealed class Storm : IDeliveries
{
    /// <summary>The shortest time that a client waits before it tries again after a refusal. The longest is twice as long.</summary>
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(1);

    private readonly Reactor _reactor;
    private readonly Crowd _crowd;
    private readonly int _port;
    private readonly int[] _last;
    private readonly bool[] _told;
    private readonly Histogram _served = new();
    private int _number;
    private int _count, _retries, _stopping, _cut;
    private double _longestHint;
    private bool _coming;
    private long _since;
    private TaskCompletionSource _done = new();
    private string? _failure;

    internal Storm(Reactor reactor, Crowd crowd, int port)
    {
        (_reactor, _crowd, _port) = (reactor, crowd, port);
        _last = new int[crowd.Listeners.Length];
        _told = new bool[crowd.Listeners.Length];
    }

    /// <summary>Parks all listeners and sends one message, which all must receive.</summary>
    internal async Task ParkAsync(CancellationToken cancellationToken)
    {
        await _crowd.ParkAsync(this, pollAgain: true, cancellationToken);
        await AllServedAsync(() => Task.FromResult(Clock.Now), cancellationToken);
        await _reactor.DelayAsync(TimeSpan.FromSeconds(1));
    }

    /// <summary>Crashes the server and starts it again. All listeners come back the moment it listens.</summary>
    internal Task<StormFigures> CrashAsync(Func<Task<long>> restart, CancellationToken cancellationToken) =>
        MeasureAsync(null, restart, cancellationToken);

    /// <summary>Asks the server to stop and starts it again. Each listener comes back when its last answer told it to.</summary>
    internal Task<StormFigures> StopAsync(Func<Task> stop, Func<Task<long>> restart, CancellationToken cancellationToken) =>
        MeasureAsync(stop, restart, cancellationToken);

    void IDeliveries.Delivered(Listener listener, ReadOnlySpan<byte> content)
    {
        if (content.IndexOf("\"stopping\":true"u8) >= 0)
        {
            _stopping++;
            double hint = Numbers.DecimalAfter(content, "\"retry_after\":"u8);
            _longestHint = Math.Max(_longestHint, hint);
            _told[listener.Number] = true;
            _reactor.At(Clock.Now + Clock.Ticks(TimeSpan.FromSeconds(hint)), () => _ = ComeBackAsync(listener));
            return;
        }

        while (Marks.TryTake(ref content, out int number))
        {
            if (number == 0)
                continue;
            if (number != _last[listener.Number] + 1)
                _failure ??= $"listener {listener.Number} had message {_last[listener.Number]}, then {number}";
            _last[listener.Number] = number;
            if (number != _number)
                continue;
            _served.Add(Clock.Milliseconds(Clock.Now - _since));
            if (++_count == _last.Length)
                _done.TrySetResult();
        }
    }

    void IDeliveries.Failed(Listener listener, string why)
    {
        if (_coming)
        {
            _retries++;
            _reactor.At(Clock.Now + Clock.Ticks(s_retry * (1 + Random.Shared.NextDouble())), () => _ = ComeBackAsync(listener));
        }
        else if (!_told[listener.Number])
        {
            _cut++;
        }
    }

    private async Task<StormFigures> MeasureAsync(Func<Task>? stop, Func<Task<long>> restart, CancellationToken cancellationToken)
    {
        (_retries, _stopping, _cut, _longestHint) = (0, 0, 0, 0);
        Array.Clear(_told);
        if (stop is not null)
            await stop();
        await AllServedAsync(
            async () =>
            {
                long listening = await restart();
                _coming = true;
                foreach (Listener listener in _crowd.Listeners.Where(listener => !_told[listener.Number]))
                    _ = ComeBackAsync(listener);
                return listening;
            },
            cancellationToken);
        _coming = false;
        return new StormFigures(
            _last.Length, _served.Percentile(50), _served.Percentile(99), _served.Longest, _retries, _stopping, _cut, _longestHint);
    }

    private async Task AllServedAsync(Func<Task<long>> begin, CancellationToken cancellationToken)
    {
        _number++;
        _count = 0;
        _served.Clear();
        _done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _since = await begin();
        Talker talker = _crowd.Talkers[0];
        if (!talker.IsOpen)
            await talker.ConnectAsync(_port);
        talker.Say(_number);
        try
        {
            await _done.Task.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new IOException($"{_count} of {_last.Length} were served after 60 s; {_retries} tries in vain. {talker.Refused}");
        }

        if (_failure is not null)
            throw new IOException(_failure);
    }

    private async Task ComeBackAsync(Listener listener)
    {
        try
        {
            await listener.ConnectAsync(_port);
            listener.Park();
        }
        catch (IOException e)
        {
            _coming = true;
            ((IDeliveries)this).Failed(listener, e.Message);
        }
    }
}
