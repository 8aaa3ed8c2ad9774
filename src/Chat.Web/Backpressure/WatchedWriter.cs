using System.IO.Pipelines;

namespace ErlChat.Web.Backpressure;

/// <summary>
/// A connection's output for the ordinary pipeline, which knows since when the client has taken nothing. A flush that had to wait resumes
/// on the thread pool, because application code must not run on a socket thread.
/// </summary>
internal sealed class WatchedWriter(PipeWriter output, TimeProvider time, TimeSpan patience) : PipeWriter
{
    /// <summary>When the write that waits for the client began; 0 while none does.</summary>
    private long _waitsSince;

    private volatile bool _isExempt;

    /// <summary>Whether the client has taken nothing of a piece for too long.</summary>
    internal bool IsOverdue => !_isExempt && Volatile.Read(ref _waitsSince) is not 0 and var since && time.GetElapsedTime(since) >= patience;

    /// <summary>From now on somebody else looks after the time: a door that has a limit of its own, and wants to say why it ends.</summary>
    internal void Exempt() => _isExempt = true;

    public override bool CanGetUnflushedBytes => output.CanGetUnflushedBytes;

    public override long UnflushedBytes => output.UnflushedBytes;

    public override void Advance(int bytes) => output.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => output.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => output.GetSpan(sizeHint);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => OnPool(output.FlushAsync(cancellationToken));

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) => OnPool(output.WriteAsync(source, cancellationToken));

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
