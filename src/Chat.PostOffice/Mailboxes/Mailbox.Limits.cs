namespace ErlChat.Mailboxes;

/// <content>What limits need to know of a session.</content>
public sealed partial class Mailbox
{
    /// <summary>The newest mail that any reader was given; 0 before the first.</summary>
    private long _given;

    /// <summary>
    /// Whether a poll from this place is an ordinary one: it will wait, or is the first to be given what is there. Any other – of a place that was left, of one that does not exist, of a
    /// session that has ended – is answered at once, as often as it is asked.
    /// </summary>
    /// <remarks>Asked before every poll, so it takes no lock: while mail arrives it may be wrong in either direction, which costs or saves one permit.</remarks>
    public bool IsNext(long cursor) =>
        cursor > Volatile.Read(ref _given)
        && cursor >= Volatile.Read(ref _floor)
        && cursor <= Math.Max(_environment.Head, Volatile.Read(ref _newest)) + 1
        && !Volatile.Read(ref _closed);

    /// <summary>The session's message was refused; whether that is the first refusal since one went through.</summary>
    internal bool BeginRefusing()
    {
        lock (_gate)
        {
            bool first = !_isRefusing;
            _isRefusing = true;
            return first;
        }
    }

    /// <summary>A message of the session went through.</summary>
    internal void EndRefusing() => Volatile.Write(ref _isRefusing, false);
}
