namespace ErlChat.Testing;

/// <summary>
/// A clock that stands still until a test moves it. Timers fire on the thread that calls <see cref="Advance"/>, each at its own time, in the order of their times.
/// </summary>
/// <remarks>
/// <para>
/// Thread-safe. A timer with nothing to wait for fires at once on the pool, as the system's do. Wait until the code under test has parked
/// (<see cref="Eventually"/>), advance, then await: a timer made after the advance counts from the new time.
/// </para>
/// <para>
/// Our own and not <c>FakeTimeProvider</c> of Microsoft.Extensions.TimeProvider.Testing (10.11.0), with which five of the domain's tests fail,
/// all of them about idle sessions. It moves the clock to the end of an advance before the first timer fires, so that passing time looks
/// like a process that stood still, and the chat forgives those. It also has no count of timers, moves the timestamp with the wall clock,
/// and fires timers on whichever thread creates one or reads the clock: one that is due at once inside <c>CreateTimer</c>, under the caller's
/// lock. A class derived from it would have to override every member.
/// </para>
/// </remarks>
public sealed class ManualTimeProvider(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly HashSet<ManualTimer> _timers = [];
    private long _made;
    private DateTimeOffset _utcNow = start;
    private TimeSpan _elapsed;

    public ManualTimeProvider()
        : this(new DateTimeOffset(2026, 11, 20, 7, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>What the wall clock says. Setting it is a jump of that clock alone: no timer fires, no timestamp moves.</summary>
    public DateTimeOffset UtcNow
    {
        get
        {
            lock (_gate)
                return _utcNow;
        }

        set
        {
            lock (_gate)
                _utcNow = value;
        }
    }

    /// <summary>Timers that were made and not disposed yet, whether or not they will ever fire again.</summary>
    public int Timers
    {
        get
        {
            lock (_gate)
                return _timers.Count;
        }
    }

    /// <summary>How far <see cref="Advance"/> has moved the clock.</summary>
    public TimeSpan Elapsed
    {
        get
        {
            lock (_gate)
                return _elapsed;
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => UtcNow;

    public override long GetTimestamp() => Elapsed.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state, Interlocked.Increment(ref _made));

        // In one section, or a test that has seen the timer could advance the clock before the timer has its time.
        lock (_gate)
        {
            _timers.Add(timer);
            timer.Change(dueTime, period);
        }

        return timer;
    }

    /// <summary>Moves the clock on, and fires what falls due meanwhile.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        TimeSpan target = Elapsed + by;
        while (true)
        {
            ManualTimer? due;
            lock (_gate)
            {
                due = _timers.Where(timer => timer.Due <= target).MinBy(timer => (timer.Due, timer.Number));
                TimeSpan next = due?.Due is { } at && at > _elapsed ? at : due is null ? target : _elapsed;
                _utcNow += next - _elapsed;
                _elapsed = next;
                due?.Rearm();
            }

            if (due is null)
                return;
            due.Fire();
        }
    }

    /// <summary>
    /// Moves the clock on as it is moved while the process stands still: what falls due meanwhile is late, and fires at the end.
    /// </summary>
    public void StandStill(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        lock (_gate)
        {
            _elapsed += time;
            _utcNow += time;

            // The system makes up for no periods that were missed.
            foreach (ManualTimer timer in _timers)
                timer.Postpone(_elapsed);
        }

        Advance(TimeSpan.Zero);
    }

    private sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state, long number) : ITimer
    {
        private TimeSpan _period;

        /// <summary>Of timers that are due together, the older fires first.</summary>
        internal long Number { get; } = number;

        /// <summary>When it fires next, by <see cref="Elapsed"/>; null for never. Guarded by the clock's lock.</summary>
        internal TimeSpan? Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            bool now;
            lock (clock._gate)
            {
                if (!clock._timers.Contains(this))
                    return false;
                _period = period > TimeSpan.Zero ? period : Timeout.InfiniteTimeSpan;
                Due = dueTime == Timeout.InfiniteTimeSpan ? null : clock._elapsed + dueTime;
                now = dueTime == TimeSpan.Zero;
                if (now)
                    Rearm();
            }

            if (now)
                ThreadPool.UnsafeQueueUserWorkItem(static timer => timer.Fire(), this, preferLocal: false);
            return true;
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                Due = null;
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        internal void Postpone(TimeSpan to) => Due = Due < to ? to : Due;

        internal void Rearm() => Due = _period == Timeout.InfiniteTimeSpan ? null : Due + _period;

        internal void Fire() => callback(state);
    }
}
