using Microsoft.Extensions.Logging;

namespace ErlChat.Logging;

/// <summary>
/// A repeating failure, logged as two lines: one when it begins, one when it is over, with how often it happened and for how long.
/// </summary>
/// <remarks>
/// Thread-safe. While there is no trouble a success costs one read of a field, and there is no timer. It is over once a success – or, if
/// told so, mere silence – was followed by <see cref="Calm"/> without a failure: a disk that takes a little between two refusals is one
/// trouble, not thousands. The last line comes from a timer's thread. Disposing it forgets a trouble that is not over.
/// </remarks>
public sealed class Outage : IDisposable
{
    /// <summary>How long nothing may fail before it is over: several times as long as a full disk is probed at.</summary>
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

    /// <param name="over">Writes the last line: how often it happened, and the seconds between the first and the last time.</param>
    /// <param name="endsBySilence">Whether it is over when nothing has failed for a while, for troubles that have no success to tell them by.</param>
    public Outage(TimeProvider time, ILogger logger, Action<ILogger, long, double> over, bool endsBySilence = false) =>
        (_time, Logger, _over, _endsBySilence) = (time, logger, over, endsBySilence);

    /// <summary>Where the last line goes, and the first should.</summary>
    public ILogger Logger { get; }

    /// <summary>Whether the trouble has begun and is not over.</summary>
    public bool IsOn => _isOn;

    /// <summary>
    /// Takes note of a failure, which counts for <paramref name="count"/>. True when the trouble begins with it: the caller then writes the
    /// first line.
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

    /// <summary>Takes note that what could fail did not.</summary>
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

        // The timer would otherwise carry the context of the request that failed first for as long as it lives.
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
            // It has failed again since: the next success comes back here.
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
