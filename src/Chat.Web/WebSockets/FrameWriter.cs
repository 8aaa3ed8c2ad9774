namespace ErlChat.Web.WebSockets;

/// <summary>Writes the frames of a connection. Writers take turns, and nothing is written after a close.</summary>
/// <remarks>Thread-safe.</remarks>
/// <param name="hold">Counts bytes that the client does not read at once. Returns null if there are too many.</param>
/// <param name="sendLimit">If a piece takes longer than this, <paramref name="tooSlow"/> is called, and the write continues.</param>
internal sealed class FrameWriter(
    Stream stream,
    Func<int, IDisposable?> hold,
    TimeSpan sendLimit,
    TimeProvider time,
    Action tooSlow) : IDisposable
{
    /// <summary>How many bytes are written at a time: half of what a connection's buffer holds before a writer has to wait.</summary>
    private const int Piece = 32 * 1024;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private bool _closed;

    /// <summary>Writes whole frames. Completes when the connection has accepted them, or is closed.</summary>
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

    /// <summary>
    /// Writes the last frames, including the close. Returns false if that takes longer than the limit, because the client does not read.
    /// </summary>
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
            // The connection broke. The reader notices it too and handles it.
        }
        finally
        {
            lease?.Dispose();
        }
    }
}
