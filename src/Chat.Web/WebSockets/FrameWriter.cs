namespace ErlChat.Web.WebSockets;

/// <summary>The one way out of a connection: whoever writes waits for its turn, and nothing follows a close.</summary>
/// <remarks>Thread-safe.</remarks>
/// <param name="hold">Takes bytes into account that the peer does not take at once; null when there are too many.</param>
/// <param name="sendLimit">A piece that takes longer is reported to <paramref name="tooSlow"/>, and goes on.</param>
internal sealed class FrameWriter(Stream stream, Func<int, IDisposable?> hold, TimeSpan sendLimit, TimeProvider time, Action tooSlow) : IDisposable
{
    /// <summary>Bytes written at a time: half of what a connection's buffer takes before a writer has to wait.</summary>
    private const int Piece = 32 * 1024;

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
        IDisposable? lease = null;
        try
        {
            int length = frames.Length;
            while (!frames.IsEmpty)
            {
                ReadOnlyMemory<byte> piece = frames[..Math.Min(frames.Length, Piece)];
                frames = frames[piece.Length..];
                ValueTask writing = stream.WriteAsync(piece);
                if (!writing.IsCompleted)
                {
                    lease ??= hold(length);
                    if (lease is null)
                        tooSlow();
                    using ITimer watch = time.CreateTimer(static slow => ((Action)slow!)(), tooSlow, sendLimit, Timeout.InfiniteTimeSpan);
                    await writing;
                }
                else
                {
                    await writing;
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The connection broke. The reader sees it too, and it decides.
        }
        finally
        {
            lease?.Dispose();
        }
    }
}
