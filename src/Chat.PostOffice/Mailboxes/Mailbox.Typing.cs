namespace ErlChat.Mailboxes;

/// <content>The one signal that a mailbox holds beside its mail (docs/adr/0035).</content>
public sealed partial class Mailbox
{
    // A reader is woken for signals at most so often. What comes in between is lost; people who go on typing say so again.
    private static readonly TimeSpan s_betweenSignals = TimeSpan.FromSeconds(1);

    /// <summary>Null before the first signal from or to the session. Most mailboxes never need it.</summary>
    private TypingState? _typing;

    /// <summary>
    /// Whether the session may say now that it types, or has stopped; this counts as having said so. It may say that it types once in a
    /// third of <see cref="Settings.ChatOptions.TypingLifetime"/>, and then once that it has stopped.
    /// </summary>
    internal bool MayType(bool on)
    {
        lock (_gate)
        {
            if (!on)
                return _typing?.Stop() == true;
            TypingState typing = _typing ??= new TypingState();
            long now = _environment.Time.GetTimestamp();
            if (typing.Said is { } said && _environment.Time.GetElapsedTime(said, now) < _environment.Options.TypingLifetime / 3)
                return false;
            (typing.Said, typing.IsTyping) = (now, true);
            return true;
        }
    }

    /// <summary>Replaces the signal, unless the last one is too new, and collects the readers to wake.</summary>
    internal void Signal(TypingSignal signal, ref WakeBatch woken)
    {
        Waiter? readers;
        lock (_gate)
        {
            TypingState typing = _typing ??= new TypingState();
            long now = _environment.Time.GetTimestamp();
            if (_closed || (typing.Signal is not null && _environment.Time.GetElapsedTime(typing.SignalledAt, now) < s_betweenSignals))
                return;
            (typing.Signal, typing.SignalledAt, typing.Reads) = (signal, now, 0);
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
        if (seen is null || _typing is not { Signal: { } signal } typing || signal.Number == seen)
            return null;
        if (_environment.Time.GetElapsedTime(typing.SignalledAt, _environment.Time.GetTimestamp()) >= _environment.Options.TypingLifetime)
        {
            typing.Signal = null;
            return null;
        }

        // A poll that would park is free, so a client that never says what it saw must not get answer after answer.
        return ++typing.Reads > _environment.Options.MaxWaitsPerSession ? null : signal;
    }

    private sealed class TypingState
    {
        internal TypingSignal? Signal { get; set; }

        /// <summary>When the signal came.</summary>
        internal long SignalledAt { get; set; }

        /// <summary>How often it was handed out.</summary>
        internal int Reads { get; set; }

        /// <summary>When the session itself said last that it types; null if never.</summary>
        internal long? Said { get; set; }

        /// <summary>Whether the session has not said since that it has stopped.</summary>
        internal bool IsTyping { get; set; }

        /// <summary>Returns whether the session was typing.</summary>
        internal bool Stop()
        {
            bool was = IsTyping;
            IsTyping = false;
            return was;
        }
    }
}
