namespace ErlChat.State;

/// <summary>The state of the chat, and the lock that guards it.</summary>
/// <remarks>
/// Readers hold <see cref="Gate"/>. Only the thread that follows the log changes the state, so that thread may read without the lock.
/// Under the lock there is no await, no mail and no logging. Lock order: this lock, then a mailbox's; never the other way round.
/// </remarks>
internal sealed class GuardedState
{
    private ChatState _now = new();

    internal Lock Gate { get; } = new();

    internal ChatState Now => _now;

    /// <summary>Replaces the state with the one in a snapshot.</summary>
    internal void Restore(ChatStateImage image)
    {
        lock (Gate)
            _now = ChatState.Restore(image);
    }

    /// <summary>A copy of everything, for a snapshot.</summary>
    internal ChatStateImage Capture()
    {
        lock (Gate)
            return _now.Capture();
    }
}
