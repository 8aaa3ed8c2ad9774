using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using ErlChat.Mailboxes;
using ErlChat.Sessions;
using ErlChat.Web.Answers;
using ErlChat.Web.Backpressure;
using ErlChat.Web.Comet;
using ErlChat.Web.Limits;
using ErlChat.Web.Reads;
using ErlChat.Web.Requests;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace ErlChat.Web.FastLane;

/// <summary>
/// One connection. It serves polls until another request arrives. From then on the ordinary pipeline reads through it, and all bytes pass.
/// When a request has ended and the next one is a poll, it tells the pipeline that the input has ended, and serves polls again.
/// </summary>
/// <remarks>
/// Like any pipe it allows one reader at a time. The heartbeat (<see cref="Tick"/>) runs on another thread. The ordinary pipeline costs as
/// much memory as the rest of the connection, so it is created only when it is needed and given up at the next poll. It has to be given up:
/// its own idle timer, which cannot be stopped from outside, would mistake a series of polls for an idle connection.
/// </remarks>
internal sealed partial class LaneConnection(Lane lane, ConnectionContext connection, IDisposable? place, bool isOpen)
{
    private const long PassThrough = -1;

    /// <summary>How many pipelined polls are answered before yielding. The thread may have other connections to serve.</summary>
    private const int PollsPerTurn = 64;

    private readonly PipeReader _input = connection.Transport.Input;
    private readonly PipeWriter _output = connection.Transport.Output;

    /// <summary>
    /// How many bytes are left of the request that the ordinary pipeline is reading. 0 between requests, <see cref="PassThrough"/> if the
    /// lane does not know where the request ends.
    /// </summary>
    private long _left;

    private readonly Waiter _waiter = new();

    /// <summary>
    /// The timestamp at which the parked poll is answered, or the connection of an inactive client is aborted; 0 for never.
    /// </summary>
    private long _deadline;
    private bool _isParked;

    /// <summary>When the current poll began, for the metrics; see <see cref="Polls.Started"/>.</summary>
    private long _waitStarted;

    /// <summary>
    /// The last poll's cookies, and below them their session and its mailbox. The next poll usually has the same cookies, which saves
    /// hashing the token again.
    /// </summary>
    private byte[] _cookie = [];
    private SessionKey _session;
    private Mailbox? _box;
    private bool _isOver;

    /// <summary>
    /// Whether the connection is to close. A poll that has already arrived is still answered, as the last one; the ordinary pipeline would
    /// close without an answer.
    /// </summary>
    private bool _isClosing;

    /// <summary>Whether the last request is a GET.</summary>
    private bool _isRead;

    /// <summary>Whether the last request has been given a turn that it has not used yet.</summary>
    private bool _hasTurn;

    internal async Task RunAsync(ConnectionDelegate ordinary)
    {
        connection.ConnectionClosed.UnsafeRegister(static waiter => ((Waiter)waiter!).Leave(), _waiter);
        connection.Features.Get<IConnectionHeartbeatFeature>()?.OnHeartbeat(static lane => ((LaneConnection)lane).Tick(), this);
        connection.Features.Set<IConnectionHeartbeatFeature>(this);
        CancellationToken closing = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        try
        {
            while (true)
            {
                await using (closing.UnsafeRegister(static lane => ((LaneConnection)lane!).CancelPendingRead(), this))
                {
                    try
                    {
                        if (!await ServeInNoContextAsync())
                            return;
                    }
                    catch (Exception e) when (e is IOException or SocketException or ConnectionAbortedException)
                    {
                        // The client has gone, or the connection was aborted.
                        return;
                    }
                }

                _isHandedBack = false;
                connection.Transport = this;
                await TakeTurnAsync();
                await ordinary(connection);
                if (!_isHandedBack)
                    return;

                // The pipeline has ended: release its callbacks.
                Volatile.Write(ref _ordinaryTick, null);
            }
        }
        finally
        {
            // The transport still sends what is left, and the client has limited time to read it.
            Volatile.Write(ref _isParked, false);
            Volatile.Write(ref _deadline, lane.DeadlineOf(lane.SendTimeout));
            if (place is not null)
                connection.ConnectionClosed.UnsafeRegister(static place => ((IDisposable)place!).Dispose(), place);
        }
    }

    /// <summary>Runs without the connection's execution context, which would otherwise be restored at every step of every poll.</summary>
    private ValueTask<bool> ServeInNoContextAsync()
    {
        using (ExecutionContext.SuppressFlow())
            return ServeAsync();
    }

    /// <summary>
    /// Serves polls. Returns true if another request has arrived, which is left for the ordinary pipeline, and false if the connection has
    /// ended.
    /// </summary>
    private async ValueTask<bool> ServeAsync()
    {
        for (int served = 1; !_isOver; served++)
        {
            if (served % PollsPerTurn == 0)
                await Task.Yield();
            ValueTask<ReadResult> reading = _input.ReadAsync();
            if (!reading.IsCompleted)
                Volatile.Write(ref _deadline, lane.DeadlineOf(lane.KeepAlive));
            ReadResult read = await reading;
            Volatile.Write(ref _deadline, 0);
            _isClosing |= read.IsCanceled;
            if (read.Buffer.IsEmpty
                || !TryReadPoll(read.Buffer, peekOnly: false, out WaitQuery query, out Mailbox? box, out CometReply? reply))
            {
                if (_isClosing)
                    _left = PassThrough;
                _input.AdvanceTo(read.Buffer.Start);
                return !read.Buffer.IsEmpty;
            }

            if (box is not null)
            {
                Volatile.Write(ref _isParked, true);
                Volatile.Write(ref _deadline, lane.DeadlineOf(lane.Polls.Patience()));
                _waitStarted = lane.Polls.Started();
                _waiter.SeenSignal = query.Typing;
                MailRead mail = await lane.Polls.WaitAsync(box, query, _waiter);
                lane.Polls.Ended(mail.Status, _waitStarted);
                Volatile.Write(ref _deadline, 0);
                Volatile.Write(ref _isParked, false);
                if (mail.Status == MailStatus.Mail)
                {
                    Mail[] fit = lane.Polls.Fit(box, query, mail.Mail, out int length);
                    _isOver = _isClosing || lane.Polls.IsStopping;
                    if (length > PieceWriter.Piece)
                    {
                        await WriteLongAsync(fit, query.AllJoins, length);
                        continue;
                    }

                    lane.Answers.Write(_output, fit, query.AllJoins, length, closes: _isOver);
                }
                else
                {
                    reply = Polls.ReplyTo(mail, query);
                }

                if (mail.Status == MailStatus.Superseded)
                    await lane.Limits.PaySupersededAsync(_session, connection.ConnectionClosed);
            }

            if (reply is not null)
            {
                _isOver = _isClosing || reply.RetryAfter is not null || lane.Polls.IsStopping;
                lane.Answers.Write(_output, reply, closes: _isOver);
            }

            ValueTask<FlushResult> flushing = _output.FlushAsync();
            FlushResult flushed = flushing.IsCompleted ? await flushing : await WaitTakenAsync(flushing);
            _isOver |= flushed.IsCompleted || flushed.IsCanceled;
        }

        return false;
    }

    /// <summary>Parses a poll from the input. If the request is not a poll, remembers where it ends.</summary>
    private bool TryReadPoll(in ReadOnlySequence<byte> buffer, bool peekOnly, out WaitQuery query, out Mailbox? box, out CometReply? reply)
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
        if (!isOpen || !RequestHead.TryRead(text, out RequestHead head))
        {
            _left = PassThrough;
            return false;
        }

        _left = head.Length;
        _isRead = head.IsGet;
        if (!head.IsGet || head.HasBody || !lane.MayServe(head)
            || !WaitTarget.TryParse(lane.BelowBase(head.Target), lane.Polls.Epoch, out query))
        {
            return false;
        }

        if (peekOnly)
        {
            _left = 0;
            return true;
        }

        bool isNew = !head.Cookie.SequenceEqual(_cookie);
        if (isNew)
        {
            _session = SessionOf(head.Cookie);
            _cookie = head.Cookie.ToArray();
        }

        box = lane.Polls.Find(_session, query, _box, out reply);
        if (box is null ? lane.Polls.MayArrive(_session) : !TryRecall(head.Cookie, box, isNew))
            return false;
        _box = box;

        // Repeated polls are limited. Above the limit they have to wait, which the ordinary pipeline does.
        if (!PollLimits.IsFree(box, query) && !TryPay())
            return false;
        _left = 0;
        _input.AdvanceTo(buffer.GetPosition(head.Length));
        return true;
    }

    /// <summary>
    /// Passes a new cookie to its mailbox. Fails if this node has to catch up with another one first, which the ordinary pipeline does.
    /// </summary>
    private bool TryRecall(ReadOnlySpan<byte> cookie, Mailbox box, bool isNew)
    {
        if (!isNew && ReferenceEquals(box, _box))
            return true;
        if (lane.Polls.IsBehind(cookie, box))
        {
            // Look at the cookie again next time.
            _cookie = [];
            return false;
        }

        ListCookie.Recall(cookie, box);
        return true;
    }

    /// <summary>
    /// Switches to the thread pool, where the application runs. A GET also waits for its turn. Otherwise thousands of simultaneous reads,
    /// with everything that the ordinary pipeline does before the application, would queue in the pool in front of all messages.
    /// </summary>
    private async ValueTask TakeTurnAsync()
    {
        _hasTurn = _isRead && _left != PassThrough;
        if (_hasTurn)
            await lane.Turns.NextAsync();
        else
            await PoolHop.ToPool;
    }

    bool IReadTurn.UseTurn()
    {
        bool hasTurn = _hasTurn;
        _hasTurn = false;
        return hasTurn;
    }

    /// <summary>
    /// Charges the poll. Fails behind a trusted proxy, because only the ordinary pipeline knows the client's address there.
    /// </summary>
    private bool TryPay()
    {
        string? host = lane.Connections.HostOf(connection.RemoteEndPoint);
        return (host is not null || connection.RemoteEndPoint is not System.Net.IPEndPoint) && lane.Limits.TryPay(_session, host);
    }

    private static SessionKey SessionOf(ReadOnlySpan<byte> cookie)
    {
        Span<char> text = stackalloc char[RequestHead.MaxLength];
        return SessionCookie.Read(text[..System.Text.Encoding.ASCII.GetChars(cookie, text)]);
    }

    /// <summary>
    /// All connections share the heartbeat, so a bug in one must only end that one and not stop the heartbeat of the others.
    /// </summary>
    private void Tick()
    {
        try
        {
            CheckDeadlines();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            connection.Abort(new ConnectionAbortedException("The clock of the connection failed.", e));
        }
    }

    /// <summary>
    /// Runs once per second. Answers the parked poll when its time is up, and aborts the connection of a client that is idle or does not
    /// read its answer.
    /// </summary>
    private void CheckDeadlines()
    {
        Volatile.Read(ref _ordinaryTick)?.Invoke();
        if (Volatile.Read(ref _ordinaryOutput) is { IsOverdue: true })
            connection.Abort(SlowClients.TakesNothing);
        bool isParked = Volatile.Read(ref _isParked);
        long deadline = Volatile.Read(ref _deadline);
        if (deadline == 0 || lane.Time.GetTimestamp() < deadline)
            return;
        if (isParked)
            _waiter.Expire();
        else
            connection.Abort(new ConnectionAbortedException("The client said nothing, or did not take its answer, for too long."));
    }
}
