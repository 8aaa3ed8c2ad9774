namespace ErlChat.Rooms;

/// <summary>Whether the chat still works.</summary>
public sealed partial class ChatRoom
{
    /// <summary>
    /// How far the log has been applied, and how far what follows from it has been delivered. The two differ for as long as an entry takes;
    /// a chat in which they differ and stay as they are stands still. Null when the log is not read any more.
    /// </summary>
    /// <remarks>Takes the state's lock, so it does not return while somebody holds that.</remarks>
    public (long Applied, long Delivered)? Progress()
    {
        if (_reading.IsCompleted)
            return null;
        lock (_gate)
            return (_state.Sequence, _office.Head);
    }
}
