using System.Buffers;
using System.IO.Pipelines;
using ErlChat.Web.Backpressure;
using ErlChat.Web.Reads;
using Microsoft.AspNetCore.Connections.Features;

namespace ErlChat.Web.FastLane;

/// <content>
/// The connection as the ordinary pipeline sees it. The pipeline reads through the lane, which counts bytes to know where a request ends.
/// </content>
internal sealed partial class LaneConnection : PipeReader, IDuplexPipe, IConnectionHeartbeatFeature, IReadTurn
{
    /// <summary>The buffer that the ordinary pipeline was given last.</summary>
    private ReadOnlySequence<byte> _lastBuffer;

    /// <summary>Whether the ordinary pipeline was told that the input has ended because the next request is a poll.</summary>
    private bool _isHandedBack;

    /// <summary>The heartbeat callbacks of the ordinary pipeline, and below them its output.</summary>
    private Action? _ordinaryTick;
    private WatchedWriter? _ordinaryOutput;

    PipeReader IDuplexPipe.Input => this;

    PipeWriter IDuplexPipe.Output => _ordinaryOutput ?? Watched();

    /// <summary>Registers a heartbeat callback of the ordinary pipeline. It is called until the pipeline is given up.</summary>
    void IConnectionHeartbeatFeature.OnHeartbeat(Action<object> action, object state) => _ordinaryTick += () => action(state);

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        _left != 0 && _input.TryRead(out ReadResult read)
            ? new ValueTask<ReadResult>(Track(read))
            : ReadForPipelineAsync(cancellationToken);

    public override bool TryRead(out ReadResult result)
    {
        bool read = _input.TryRead(out result);
        if (read)
        {
            // The lane has not parsed this request, so it does not know where it ends.
            if (_left == 0)
                _left = PassThrough;
            Track(result);
        }

        return read;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (_left > 0)
        {
            _left -= _lastBuffer.Slice(_lastBuffer.Start, consumed).Length;
            if (_left < 0)
                _left = PassThrough;
        }

        _lastBuffer = default;
        _input.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => _input.CancelPendingRead();

    public override void Complete(Exception? exception = null)
    {
        if (!_isHandedBack)
            _input.Complete(exception);
    }

    /// <summary>
    /// Reads what comes next, or reports the end of the input if that is a poll. The data arrives on a socket thread, where the application
    /// must not run, so the method continues on another thread. At the end it does not switch: the pipeline has nothing left to do then. A
    /// poll that had to wait for another thread would keep its buffer all that time, and thousands of polls at once would leave a pool of
    /// thousands of buffers behind.
    /// </summary>
    private async ValueTask<ReadResult> ReadForPipelineAsync(CancellationToken cancellationToken)
    {
        try
        {
            ReadResult read = await _input.ReadAsync(cancellationToken);
            if (_left == 0 && !read.Buffer.IsEmpty)
            {
                // The pipeline treats the data of a cancelled read as the start of a request, so the lane must not look for a poll in it.
                if (read.IsCanceled)
                    _left = PassThrough;
                else if (TryReadPoll(read.Buffer, peekOnly: true, out _, out _, out _))
                    (_isHandedBack, read) = (true, new ReadResult(read.Buffer.Slice(0, 0), isCanceled: false, isCompleted: true));
            }

            return Track(read);
        }
        finally
        {
            if (!_isHandedBack)
                await TakeTurnAsync();
        }
    }

    private WatchedWriter Watched()
    {
        var output = new WatchedWriter(_output, lane.Time, lane.SendTimeout);
        connection.Features.Set(output);
        Volatile.Write(ref _ordinaryOutput, output);
        return output;
    }

    private ReadResult Track(ReadResult read)
    {
        _lastBuffer = read.Buffer;
        return read;
    }
}
