using System.Buffers;
using System.IO.Pipelines;
using ErlChat.Web.Comet;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace ErlChat.Web.FastLane;

/// <summary>
/// One connection. It serves polls until something else comes; then it is what the ordinary pipeline reads from, and lets all bytes pass. Where one
/// request has ended and the pipeline asks for the next, it serves polls again.
/// </summary>
/// <remarks>
/// One reader at a time, as any pipe; the clock (<see cref="Tick"/>) comes from another thread. The ordinary pipeline is not even built until it is needed: a connection
/// that only polls costs half of one that did other things before.
/// </remarks>
internal sealed class LaneConnection(Lane lane, ConnectionContext connection) : PipeReader, IDuplexPipe
{
    private const long ForGood = -1;

    private readonly PipeReader _input = connection.Transport.Input;
    private readonly PipeWriter _output = connection.Transport.Output;

    /// <summary>What the ordinary pipeline was given last.</summary>
    private ReadOnlySequence<byte> _given;

    /// <summary>Bytes of the request that the ordinary pipeline is reading; 0 between requests, <see cref="ForGood"/> when nobody here knows where one ends.</summary>
    private long _left = lane.TakesPolls ? 0 : ForGood;

    private readonly MailReader _reader = new();

    /// <summary>When the poll that is parked is to be answered, or the connection of a client that does nothing ended; a timestamp, 0 for never.</summary>
    private long _deadline;
    private bool _isParked;

    /// <summary>The cookies of the last poll, and the session that they are of: a poll's are those of the one before, and hashing a token takes time.</summary>
    private byte[] _cookie = [];
    private SessionKey _session;
    private bool _isOver;
    private bool _isOrdinary;

    PipeReader IDuplexPipe.Input => this;

    PipeWriter IDuplexPipe.Output => _output;

    internal Task RunAsync(ConnectionDelegate ordinary) => lane.TakesPolls ? BeginAsync(ordinary) : GoOnAsync(ordinary);

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        _left != 0 && _input.TryRead(out ReadResult read) ? new ValueTask<ReadResult>(Give(read)) : GiveAsync(cancellationToken);

    public override bool TryRead(out ReadResult result)
    {
        bool read = _input.TryRead(out result);
        if (read)
            Give(result);
        return read;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (_left > 0)
        {
            _left -= _given.Slice(_given.Start, consumed).Length;
            if (_left < 0)
                _left = ForGood;
        }

        _given = default;
        _input.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => _input.CancelPendingRead();

    public override void Complete(Exception? exception = null) => _input.Complete(exception);

    /// <summary>Serves polls as long as nothing else comes.</summary>
    private async Task BeginAsync(ConnectionDelegate ordinary)
    {
        connection.Features.Get<IConnectionHeartbeatFeature>()?.OnHeartbeat(static lane => ((LaneConnection)lane).Tick(), this);
        connection.ConnectionClosed.UnsafeRegister(static reader => ((MailReader)reader!).Leave(), _reader);
        CancellationToken closing = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        CancellationTokenRegistration onClosing = closing.UnsafeRegister(static lane => ((LaneConnection)lane!).CancelPendingRead(), this);
        try
        {
            ReadResult rest = await ServeInNoContextAsync();
            _input.AdvanceTo(rest.Buffer.Start);
            if (rest.Buffer.IsEmpty)
                return;
        }
        catch (Exception e) when (e is IOException or ConnectionAbortedException)
        {
            // The client went away, or we ended the connection: nobody is there.
            return;
        }
        finally
        {
            await onClosing.DisposeAsync();
        }

        await GoOnAsync(ordinary);
    }

    private async Task GoOnAsync(ConnectionDelegate ordinary)
    {
        _isOrdinary = true;
        connection.Transport = this;
        await PoolHop.ToPool;
        await ordinary(connection);
    }

    /// <summary>What is not here yet comes on a thread that waits for sockets, where the application must not run.</summary>
    private async ValueTask<ReadResult> GiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            return Give(_left == 0 ? await ServeInNoContextAsync() : await _input.ReadAsync(cancellationToken));
        }
        finally
        {
            await PoolHop.ToPool;
        }
    }

    private ReadResult Give(ReadResult read)
    {
        _given = read.Buffer;
        return read;
    }

    /// <summary>Without the connection's execution context, which would be put on and taken off at every step of every poll.</summary>
    private ValueTask<ReadResult> ServeInNoContextAsync()
    {
        using (ExecutionContext.SuppressFlow())
            return ServeAsync();
    }

    /// <summary>Answers polls until something else comes, and returns that, unconsumed.</summary>
    private async ValueTask<ReadResult> ServeAsync()
    {
        while (true)
        {
            Volatile.Write(ref _deadline, lane.DeadlineOf(lane.KeepAlive));
            ReadResult read = await _input.ReadAsync();
            Volatile.Write(ref _deadline, 0);
            if (_isOver)
                return new ReadResult(read.Buffer.Slice(0, 0), isCanceled: false, isCompleted: true);
            if (read.IsCanceled || read.Buffer.IsEmpty)
                return read;
            if (!TryTake(read.Buffer, out WaitQuery query, out Mailbox? box, out CometReply? reply))
                return read;
            if (box is not null)
            {
                // The ordinary pipeline, if there is one, must not take the time of a poll for idleness.
                if (_isOrdinary)
                    connection.Features.Get<IConnectionTimeoutFeature>()?.CancelTimeout();
                Volatile.Write(ref _isParked, true);
                Volatile.Write(ref _deadline, lane.DeadlineOf(lane.Polls.Patience()));
                MailRead mail = await lane.Polls.WaitAsync(box, query, _reader);
                Volatile.Write(ref _deadline, 0);
                Volatile.Write(ref _isParked, false);
                if (mail.Status == MailStatus.Mail)
                    lane.Answers.Write(_output, mail.Mail);
                else
                    reply = Polls.ReplyTo(mail);
            }

            if (reply is not null)
                lane.Answers.Write(_output, reply);
            Volatile.Write(ref _deadline, lane.DeadlineOf(lane.KeepAlive));
            FlushResult flushed = await _output.FlushAsync();
            if (flushed.IsCompleted || flushed.IsCanceled || reply?.RetryAfter is not null)
            {
                _isOver = true;
                _input.CancelPendingRead();
            }
        }
    }

    /// <summary>Takes a poll out of what has come; otherwise takes note of where the request ends.</summary>
    private bool TryTake(in ReadOnlySequence<byte> buffer, out WaitQuery query, out Mailbox? box, out CometReply? reply)
    {
        Span<byte> copy = stackalloc byte[RequestHead.MaxLength];
        scoped ReadOnlySpan<byte> text = buffer.FirstSpan;
        if (!buffer.IsSingleSegment)
        {
            ReadOnlySequence<byte> begin = buffer.Slice(0, Math.Min(buffer.Length, copy.Length));
            begin.CopyTo(copy);
            text = copy[..(int)begin.Length];
        }

        box = null;
        reply = null;
        query = default;
        if (!RequestHead.TryRead(text, out RequestHead head))
        {
            _left = ForGood;
            return false;
        }

        _left = head.Length;
        if (!head.IsGet || head.HasBody || head.MayBeOfOtherSite || !WaitTarget.TryParse(head.Target, lane.Polls.Epoch, out query))
            return false;
        _left = 0;
        if (!head.Cookie.SequenceEqual(_cookie))
        {
            _session = SessionOf(head.Cookie);
            _cookie = head.Cookie.ToArray();
        }

        box = lane.Polls.Find(_session, query, out reply);
        _input.AdvanceTo(buffer.GetPosition(head.Length));
        return true;
    }

    private static SessionKey SessionOf(ReadOnlySpan<byte> cookie)
    {
        Span<char> text = stackalloc char[RequestHead.MaxLength];
        return SessionCookie.Read(text[..System.Text.Encoding.ASCII.GetChars(cookie, text)]);
    }

    /// <summary>Once a second: answers the poll whose time is over; ends the connection of a client that says nothing, or does not take its answer.</summary>
    private void Tick()
    {
        bool isParked = Volatile.Read(ref _isParked);
        long deadline = Volatile.Read(ref _deadline);
        if (deadline == 0 || lane.Time.GetTimestamp() < deadline)
            return;
        if (isParked)
            _reader.Expire();
        else
            connection.Abort(new ConnectionAbortedException("The client said nothing, or did not take its answer, for too long."));
    }
}
