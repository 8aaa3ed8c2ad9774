using System.Buffers;
using System.IO.Pipelines;
using ErlChat.Web.Backpressure;
using ErlChat.Web.Reads;
using Microsoft.AspNetCore.Connections.Features;

namespace ErlChat.Web.FastLane;

/// <content>
/// What the ordinary pipeline sees of the connection: it reads through the lane, which counts along to know where a request ends.
/// </content>
internal sealed partial class LaneConnection : PipeReader, IDuplexPipe, IConnectionHeartbeatFeature, IReadTurn
{
    /// <summary>What the ordinary pipeline was given last.</summary>
    private ReadOnlySequence<byte> _given;

    /// <summary>Whether the ordinary pipeline was told of an end because a poll came.</summary>
    private bool _isHandedBack;

    /// <summary>The clock of the ordinary pipeline, and what it writes to.</summary>
    private Action? _ordinaryTick;
    private WatchedWriter? _ordinaryOutput;

    PipeReader IDuplexPipe.Input => this;

    PipeWriter IDuplexPipe.Output => _ordinaryOutput ?? Watched();

    /// <summary>The ordinary pipeline wants to be told the time: it is, for as long as it is there.</summary>
    void IConnectionHeartbeatFeature.OnHeartbeat(Action<object> action, object state) => _ordinaryTick += () => action(state);

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        _left != 0 && _input.TryRead(out ReadResult read) ? new ValueTask<ReadResult>(Give(read)) : GiveAsync(cancellationToken);

    public override bool TryRead(out ReadResult result)
    {
        bool read = _input.TryRead(out result);
        if (read)
        {
            // A request that nobody here looked at.
            if (_left == 0)
                _left = PassThrough;
            Give(result);
        }

        return read;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (_left > 0)
        {
            _left -= _given.Slice(_given.Start, consumed).Length;
            if (_left < 0)
                _left = PassThrough;
        }

        _given = default;
        _input.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => _input.CancelPendingRead();

    public override void Complete(Exception? exception = null)
    {
        if (!_isHandedBack)
            _input.Complete(exception);
    }

    /// <summary>
    /// What comes next; an end when that is a poll. It comes on a thread that waits for sockets, where the application must not run; at the
    /// end it has nothing more to do, and a poll that had to wait for another thread would keep its bytes in memory so long: thousands that
    /// come together would leave a pool of thousands of buffers behind.
    /// </summary>
    private async ValueTask<ReadResult> GiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            ReadResult read = await _input.ReadAsync(cancellationToken);
            if (_left == 0 && !read.Buffer.IsEmpty)
            {
                // The pipeline takes what comes with a cancelled read as a request's begin, so nobody here may look for one in it.
                if (read.IsCanceled)
                    _left = PassThrough;
                else if (TryTake(read.Buffer, onlyLook: true, out _, out _, out _))
                    (_isHandedBack, read) = (true, new ReadResult(read.Buffer.Slice(0, 0), isCanceled: false, isCompleted: true));
            }

            return Give(read);
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

    private ReadResult Give(ReadResult read)
    {
        _given = read.Buffer;
        return read;
    }
}
