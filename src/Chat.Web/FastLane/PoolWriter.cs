using System.IO.Pipelines;

namespace ErlChat.Web.FastLane;

/// <summary>
/// A connection's output for the ordinary pipeline. What had to wait until the client took something goes on on a thread of the pool: it would otherwise go on
/// on the thread that saw the client take it, which is one that waits for sockets, and the application must not run there.
/// </summary>
internal sealed class PoolWriter(PipeWriter output) : PipeWriter
{
    public override bool CanGetUnflushedBytes => output.CanGetUnflushedBytes;

    public override long UnflushedBytes => output.UnflushedBytes;

    public override void Advance(int bytes) => output.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => output.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => output.GetSpan(sizeHint);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => OnPool(output.FlushAsync(cancellationToken));

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) => OnPool(output.WriteAsync(source, cancellationToken));

    public override void CancelPendingFlush() => output.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => output.Complete(exception);

    private static ValueTask<FlushResult> OnPool(ValueTask<FlushResult> flushing) => flushing.IsCompleted ? flushing : HopAsync(flushing);

    private static async ValueTask<FlushResult> HopAsync(ValueTask<FlushResult> flushing)
    {
        try
        {
            return await flushing;
        }
        finally
        {
            await PoolHop.ToPool;
        }
    }
}
