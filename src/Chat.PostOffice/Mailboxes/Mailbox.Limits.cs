namespace ErlChat.Mailboxes;

/// <content>What the limits need to know about a session.</content>
public sealed partial class Mailbox
{
    /// <summary>The sequence of the newest mail that any reader got; 0 before the first.</summary>
    private long _given;

    /// <summary>
    /// Whether a poll from this cursor is an ordinary one, which waits or is the first to get the mail that is there. All other polls are
    /// answered at once, every time: those from an earlier or impossible position, and those of an ended session.
    /// </summary>
    /// <remarks>
    /// Called before every poll, so it takes no lock. While mail arrives it may be wrong in either direction, which costs or saves one
    /// permit.
    /// </remarks>
    public bool IsNext(long cursor) =>
        cursor > Volatile.Read(ref _given)
        && cursor >= Volatile.Read(ref _floor)
        && cursor <= Math.Max(_environment.Head, Volatile.Read(ref _newest)) + 1
        && !Volatile.Read(ref _closed);

    /// <summary>
    /// Records that a message of the session was refused. Returns whether that is the first refusal since one was accepted.
    /// </summary>
    internal bool BeginRefusing()
    {
        lock (_gate)
        {
            bool first = !_isRefusing;
            _isRefusing = true;
            return first;
        }
    }

    /// <summary>Records that a message of the session was accepted.</summary>
    internal void EndRefusing() => Volatile.Write(ref _isRefusing, false);
}
