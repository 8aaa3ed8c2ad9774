namespace ErlChat.Load.Measures;

/// <summary>
/// Sends messages at a steady rate to many listeners. It keeps the rate even if the server falls behind: latency counts from the scheduled
/// time, unless the plan says otherwise.
/// </summary>
internal sealed class Stream : IDeliveries
{
    /// <summary>How long the last deliveries may take after the last message.</summary>
    internal static readonly TimeSpan Drain = TimeSpan.FromSeconds(5);

    private readonly Reactor _reactor;
    private readonly Crowd _crowd;
    private readonly StreamPlan _plan;
    private readonly int _base;
    private readonly Tally _tally;
    private readonly Histogram _latency = new();
    private readonly long[] _sentAt;
    private long _started;
    private long _counted, _ended;
    private int _sent;
    private long _inTime, _answers;

    /// <param name="firstNumber">The number of the first message. It must be higher than all that this crowd has received before.</param>
    internal Stream(Reactor reactor, Crowd crowd, StreamPlan plan, int firstNumber) =>
        (_reactor, _crowd, _plan, _base, _tally, _sentAt) =
            (reactor, crowd, plan, firstNumber, new Tally(plan), new long[plan.Messages]);

    /// <summary>Listeners must have their poll parked already. With <paramref name="park"/>, this call parks it.</summary>
    internal async Task<StreamFigures> RunAsync(bool park, CancellationToken cancellationToken)
    {
        foreach (Listener listener in _crowd.Listeners)
            listener.Deliveries = this;
        if (park)
            await _crowd.ParkAsync(this, pollAgain: true, cancellationToken);
        await _reactor.DelayAsync(TimeSpan.FromSeconds(1));
        TimeSpan cpu = _crowd.Peer.CpuTime;
        _started = Clock.Now;
        _counted = _started + Clock.Ticks(_plan.WarmUp);
        _ended = _counted + Clock.Ticks(_plan.Time);
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        SendWhatIsDue(sent);
        await sent.Task;
        long patience = Clock.Now + Clock.Ticks(Drain);
        while (_tally.Lost > 0 && Clock.Now < patience && !cancellationToken.IsCancellationRequested)
            await _reactor.DelayAsync(TimeSpan.FromMilliseconds(20));
        cpu = _crowd.Peer.CpuTime - cpu;
        _crowd.CheckTalkers();
        return new StreamFigures
        {
            Rate = _plan.Rate,
            Wanted = _plan.Rate * (_plan.RoomSize > 0 ? _plan.RoomSize : _plan.Listeners),
            Delivered = _inTime / _plan.Time.TotalSeconds,
            Median = _latency.Percentile(50),
            Late = _latency.Percentile(99),
            Longest = _latency.Longest,
            ItemsPerAnswer = _answers > 0 ? (double)_tally.Received / _answers : 0,
            Cpu = _tally.Received > 0 ? cpu.TotalMicroseconds / _tally.Received : 0,
            Lost = _tally.Lost,
            Repeated = _tally.Repeated,
            Reordered = _tally.Reordered,
            Astray = _tally.Astray,
            Dropped = _crowd.Listeners.Count(listener => listener.DropReason is not null),
            DropReason = _crowd.Listeners.Select(listener => listener.DropReason).FirstOrDefault(why => why is not null),
        };
    }

    void IDeliveries.Delivered(Listener listener, ReadOnlySpan<byte> content)
    {
        long now = Clock.Now;
        bool any = false;
        while (Marks.TryTake(ref content, out int number))
        {
            int message = number - _base;
            if (message < 0 || message >= _plan.Messages)
                continue;
            any = true;
            if (_tally.Add(listener.Number, message))
                Time(message, now);
        }

        if (any)
            _answers++;
    }

    void IDeliveries.Failed(Listener listener, string why)
    {
        // The listener records the failure itself.
    }

    private void Time(int message, long now)
    {
        if (now >= _counted && now < _ended)
            _inTime++;
        long due = Due(message);
        if (due >= _counted)
            _latency.Add(Clock.Milliseconds(now - (_plan.CountsFromSending ? _sentAt[message] : due)));
    }

    private void SendWhatIsDue(TaskCompletionSource sent)
    {
        while (_sent < _plan.Messages && Due(_sent) <= Clock.Now)
        {
            _sentAt[_sent] = Clock.Now;
            _crowd.Talkers[_sent % _plan.Talkers].Say(_base + _sent);
            _sent++;
        }

        if (_sent == _plan.Messages)
            sent.TrySetResult();
        else
            _reactor.At(Due(_sent), () => SendWhatIsDue(sent));
    }

    private long Due(int message) => _started + Clock.Ticks(TimeSpan.FromSeconds(message / _plan.Rate));
}
