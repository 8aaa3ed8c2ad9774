namespace ErlChat.Web.Flack;

/// <summary>
/// Tells bursts from floods. A client floods if it keeps sending while its messages are being delayed. A client that waits for its own
/// message to come back before it sends the next never floods.
/// </summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class FloodWatch(TimeSpan limit, TimeProvider time)
{
    private long? _since;

    /// <summary>Call it when a message is delayed. Returns false if the client has kept sending for too long.</summary>
    internal bool MayWait(bool moreWaiting)
    {
        if (!moreWaiting)
        {
            _since = null;
            return true;
        }

        _since ??= time.GetTimestamp();
        return time.GetElapsedTime(_since.Value) < limit;
    }

    /// <summary>Call it when a message was not delayed.</summary>
    internal void Passed(bool moreWaiting)
    {
        if (!moreWaiting)
            _since = null;
    }
}
