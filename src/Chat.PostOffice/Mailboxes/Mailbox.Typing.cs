namespace ErlChat.Mailboxes;

/// <content>The one signal that a mailbox holds beside its mail (docs/adr/0035).</content>
public sealed partial class Mailbox
{
    // A reader is woken for signals at most so often. What comes in between is lost; people who go on typing say so again.
    private static readonly TimeSpan s_betweenSignals = TimeSpan.FromSeconds(1);

    private TypingSignal? _signal;
    private long _signalledAt;
    private long _typedAt;
    private int _signalReads;

    /// <summary>
    /// Whether the session may say now that it types. It may once in a third of <see cref="Settings.ChatOptions.TypingLifetime"/>, and
    /// this counts as once.
    /// </summary>
    internal bool MayType()
    {
        lock (_gate)
        {
            long now = _environment.Time.GetTimestamp();
            if (_typedAt != 0 && _environment.Time.GetElapsedTime(_typedAt, now) < _environment.Options.TypingLifetime / 3)
                return false;
            _typedAt = now;
            return true;
        }
    }

    /// <summary>Replaces the signal, unless the last one is too new, and collects the readers to wake.</summary>
    internal void Signal(TypingSignal signal, ref WakeBatch woken)
    {
        Waiter? readers;
        lock (_gate)
        {
            long now = _environment.Time.GetTimestamp();
            if (_closed || (_signal is not null && _environment.Time.GetElapsedTime(_signalledAt, now) < s_betweenSignals))
                return;
            (_signal, _signalledAt, _signalReads) = (signal, now, 0);
            if (!_waiters.WantSignals)
                return;
            readers = DetachAll();
        }

        woken.Add(readers);
    }

    /// <summary>The signal that a reader has not seen; null if there is none, or it is too old to matter. Called under the lock.</summary>
    /// <param name="seen">The number of the last signal that the reader saw; null if it wants none.</param>
    private TypingSignal? SignalFor(long? seen)
    {
        if (seen is null || _signal is null)
            return null;
        if (_environment.Time.GetElapsedTime(_signalledAt, _environment.Time.GetTimestamp()) >= _environment.Options.TypingLifetime)
            _signal = null;
        if (_signal is null || _signal.Number == seen)
            return null;

        // A poll that would park is free, so a client that never says what it saw must not get answer after answer.
        return ++_signalReads > _environment.Options.MaxWaitsPerSession ? null : _signal;
    }
}
