namespace ErlChat.Web.Peer;

/// <summary>
/// Limits the speed of one peer with a token bucket that holds one second's worth. It may be overdrawn; the caller then waits until it is
/// balanced again. Not thread-safe.
/// </summary>
internal sealed class PeerPace(int bytesPerSecond, TimeProvider time)
{
    private double _left = bytesPerSecond;
    private long _filled = time.GetTimestamp();

    /// <summary>Takes tokens from the bucket. Returns how long to wait before the next read.</summary>
    internal TimeSpan Spend(long bytes)
    {
        long now = time.GetTimestamp();
        _left = Math.Min(bytesPerSecond, _left + time.GetElapsedTime(_filled, now).TotalSeconds * bytesPerSecond) - bytes;
        _filled = now;
        return _left >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_left / bytesPerSecond);
    }
}
