namespace ErlChat.Web.WebSockets;

/// <summary>The one way out of a connection: whoever writes waits for its turn, and nothing follows a close.</summary>
/// <remarks>Thread-safe.</remarks>
/// <param name="sendLimit">A write that takes longer is reported to <paramref name="tooSlow"/>, once, and goes on.</param>
internal sealed class FrameWriter(Stream stream, TimeSpan sendLimit, TimeProvider time, Action tooSlow) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private bool _closed;

    /// <summary>Writes whole frames. Completes when the connection took them, or does not want anything any more.</summary>
    internal async ValueTask WriteAsync(ReadOnlyMemory<byte> frames)
    {
        await _turn.WaitAsync();
        try
        {
            if (!_closed)
                await SendAsync(frames);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Writes the last frames, the close among them. False when it could not within the limit: the peer does not read.</summary>
    internal async Task<bool> CloseAsync(ReadOnlyMemory<byte> frames, TimeSpan limit)
    {
        long started = time.GetTimestamp();
        if (!await _turn.WaitAsync(limit))
            return false;
        try
        {
            _closed = true;
            TimeSpan left = limit - time.GetElapsedTime(started);
            await SendAsync(frames).AsTask().WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async ValueTask SendAsync(ReadOnlyMemory<byte> frames)
    {
        try
        {
            ValueTask writing = stream.WriteAsync(frames);
            if (writing.IsCompleted)
            {
                await writing;
                return;
            }

            using ITimer watch = time.CreateTimer(static slow => ((Action)slow!)(), tooSlow, sendLimit, Timeout.InfiniteTimeSpan);
            await writing;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The connection broke. The reader sees it too, and it decides.
        }
    }
}
