using Microsoft.Extensions.Logging;

namespace ErlChat.Logging;

/// <summary>
/// A repeating failure, logged in two lines: one when it begins, and one when it is over, with how often it happened and for how long.
/// </summary>
/// <remarks>
/// Thread-safe. While nothing fails, a success costs one read of a field, and there is no timer. The outage is over once nothing has failed
/// for <see cref="Calm"/> after a success or, if so configured, after the last failure. So a disk that accepts a little between two
/// failures causes one outage, not thousands. The last line is written on a timer's thread. Disposing the object forgets an outage that is
/// not over.
/// </remarks>
public sealed class Outage : IDisposable
{
    /// <summary>How long nothing may fail before the outage is over: several times the interval at which a full disk is probed.</summary>
    public static readonly TimeSpan Calm = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly Action<ILogger, long, double> _over;
    private readonly bool _endsBySilence;
    private ITimer? _timer;
    private long _began;
    private long _last;
    private long _count;
    private volatile bool _isOn;
    private bool _passes;
    private bool _disposed;

    /// <summary>Creates the outage, which has not begun.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where <paramref name="over"/> writes.</param>
    /// <param name="over">Writes the last line. Gets the number of failures, and the seconds between the first and the last one.</param>
    /// <param name="endsBySilence">Whether it is over when nothing has failed for a while. For failures without a matching success.</param>
    public Outage(TimeProvider time, ILogger logger, Action<ILogger, long, double> over, bool endsBySilence = false) =>
        (_time, Logger, _over, _endsBySilence) = (time, logger, over, endsBySilence);

    /// <summary>The logger for the last line; the first line should use it too.</summary>
    public ILogger Logger { get; }

    /// <summary>Whether the outage has begun and is not over.</summary>
    public bool IsOn => _isOn;

    /// <summary>
    /// Records <paramref name="count"/> failures. Returns true if the outage begins with them; the caller then writes the first line.
    /// </summary>
    public bool Failed(int count = 1)
    {
        lock (_gate)
        {
            _last = _time.GetTimestamp();
            _count += count;
            _passes = _endsBySilence;
            if (_isOn)
                return false;
            (_isOn, _began) = (true, _last);
            if (_endsBySilence)
                LookAfter(Calm);
            return true;
        }
    }

    /// <summary>Records a success.</summary>
    public void Succeeded()
    {
        if (!_isOn)
            return;
        lock (_gate)
        {
            if (!_isOn || _passes)
                return;
            _passes = true;
            LookAfter(Calm);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _timer?.Dispose();
        }
    }

    private void LookAfter(TimeSpan pause)
    {
        if (_disposed)
            return;
        if (_timer is not null)
        {
            _timer.Change(pause, Timeout.InfiniteTimeSpan);
            return;
        }

        // Otherwise the timer would keep the execution context of the first failing request alive.
        AsyncFlowControl? flow = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
        try
        {
            _timer = _time.CreateTimer(static outage => ((Outage)outage!).Look(), this, pause, Timeout.InfiniteTimeSpan);
        }
        finally
        {
            flow?.Undo();
        }
    }

    private void Look()
    {
        long count;
        TimeSpan lasted;
        lock (_gate)
        {
            // It has failed again since, so the next success schedules this check again.
            if (!_isOn || !_passes)
                return;
            TimeSpan left = Calm - _time.GetElapsedTime(_last);
            if (left > TimeSpan.Zero)
            {
                LookAfter(left);
                return;
            }

            (count, lasted) = (_count, _time.GetElapsedTime(_began, _last));
            (_count, _isOn, _passes) = (0, false, false);
        }

        _over(Logger, count, lasted.TotalSeconds);
    }
}
