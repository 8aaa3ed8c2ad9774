namespace ErlChat.Web.Peer;

/// <summary>
/// How fast one peer may be: a bucket of a second's worth of bytes, which may be overdrawn and is then waited for. Not thread-safe.
/// </summary>
internal sealed class PeerPace(int bytesPerSecond, TimeProvider time)
{
    private double _left = bytesPerSecond;
    private long _filled = time.GetTimestamp();

    /// <summary>Counts bytes that were echoed; how long to wait before reading more.</summary>
    internal TimeSpan Spend(long bytes)
    {
        long now = time.GetTimestamp();
        _left = Math.Min(bytesPerSecond, _left + time.GetElapsedTime(_filled, now).TotalSeconds * bytesPerSecond) - bytes;
        _filled = now;
        return _left >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_left / bytesPerSecond);
    }
}
