namespace ErlChat.Web.Flack;

/// <summary>
/// Tells a burst from a flood: a client that goes on sending while its messages are being delayed. One that waits for its echo before it
/// sends again never floods, however fast it would like to be.
/// </summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class FloodWatch(TimeSpan limit, TimeProvider time)
{
    private long? _since;

    /// <summary>A message must wait. False when it has been so for too long.</summary>
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

    /// <summary>A message went through.</summary>
    internal void Passed(bool moreWaiting)
    {
        if (!moreWaiting)
            _since = null;
    }
}
