using System.IO.Pipelines;

namespace ErlChat.Web.Backpressure;

/// <summary>
/// A connection's output in the ordinary pipeline. It knows since when the client has not been reading. A flush that had to wait resumes on
/// the thread pool, because application code must not run on a socket thread.
/// </summary>
internal sealed class WatchedWriter(PipeWriter output, TimeProvider time, TimeSpan patience) : PipeWriter
{
    /// <summary>When the pending flush began; 0 if none is pending.</summary>
    private long _waitsSince;

    private volatile bool _isExempt;

    /// <summary>Whether the client has not read for too long.</summary>
    internal bool IsOverdue =>
        !_isExempt && Volatile.Read(ref _waitsSince) is not 0 and var since && time.GetElapsedTime(since) >= patience;

    /// <summary>Stops watching this connection. For protocols with their own time limit, which tell the client why they end.</summary>
    internal void Exempt() => _isExempt = true;

    public override bool CanGetUnflushedBytes => output.CanGetUnflushedBytes;

    public override long UnflushedBytes => output.UnflushedBytes;

    public override void Advance(int bytes) => output.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => output.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => output.GetSpan(sizeHint);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
        OnPool(output.FlushAsync(cancellationToken));

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) =>
        OnPool(output.WriteAsync(source, cancellationToken));

    public override void CancelPendingFlush() => output.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => output.Complete(exception);

    private ValueTask<FlushResult> OnPool(ValueTask<FlushResult> flushing) => flushing.IsCompleted ? flushing : HopAsync(flushing);

    private async ValueTask<FlushResult> HopAsync(ValueTask<FlushResult> flushing)
    {
        Volatile.Write(ref _waitsSince, time.GetTimestamp());
        try
        {
            return await flushing;
        }
        finally
        {
            Volatile.Write(ref _waitsSince, 0);
            await PoolHop.ToPool;
        }
    }
}
