using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using ErlChat.Mailboxes;
using ErlChat.Sessions;
using ErlChat.Web.Answers;
using ErlChat.Web.Comet;
using ErlChat.Web.Hosting;
using ErlChat.Web.Limits;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace ErlChat.Web.FastLane;

/// <summary>
/// One connection. It serves polls until something else comes; then it is what the ordinary pipeline reads from, and lets all bytes pass. Where one
/// request has ended and the next is a poll, it tells the pipeline that there is no more, and serves polls again.
/// </summary>
/// <remarks>
/// One reader at a time, as any pipe; the clock (<see cref="Tick"/>) comes from another thread. The ordinary pipeline is made when it is needed and given up with the next poll,
/// and costs as much memory as all the rest of a connection. It has to be given up: its own clock, which nobody else can stop, would take a series of polls for quiet.
/// </remarks>
internal sealed partial class LaneConnection(Lane lane, ConnectionContext connection, IDisposable? place, bool isOpen)
{
    private const long PassThrough = -1;

    /// <summary>Polls that are answered in one go, when a client sends them one behind the other. The thread may be one that has others to wake.</summary>
    private const int InOneGo = 64;

    private readonly PipeReader _input = connection.Transport.Input;
    private readonly PipeWriter _output = connection.Transport.Output;

    /// <summary>Bytes of the request that the ordinary pipeline is reading; 0 between requests, <see cref="PassThrough"/> when nobody here knows where one ends.</summary>
    private long _left;

    private readonly Waiter _waiter = new();

    /// <summary>When the poll that is parked is to be answered, or the connection of a client that does nothing ended; a timestamp, 0 for never.</summary>
    private long _deadline;
    private bool _isParked;

    /// <summary>When the poll that is being answered came, for whoever watches the server.</summary>
    private long _waitStarted;

    /// <summary>The cookies of the last poll, the session that they are of, and its mailbox: a poll's are those of the one before, and hashing a token takes time.</summary>
    private byte[] _cookie = [];
    private SessionKey _session;
    private Mailbox? _box;
    private bool _isOver;

    /// <summary>Whether the request that came last is a GET.</summary>
    private bool _isRead;

    /// <summary>Whether it has had its turn, and not used it yet.</summary>
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
                        // The client went away, or we ended the connection: nobody is there.
                        return;
                    }
                }

                _isHandedBack = false;
                connection.Transport = this;
                await TakeTurnAsync();
                await ordinary(connection);
                if (!_isHandedBack)
                    return;

                // Its last traces here.
                Volatile.Write(ref _ordinaryTick, null);
            }
        }
        finally
        {
            // The transport sends what is left, and the client has to take it.
            Volatile.Write(ref _isParked, false);
            Volatile.Write(ref _deadline, lane.DeadlineOf(lane.SendTimeout));
            if (place is not null)
                connection.ConnectionClosed.UnsafeRegister(static place => ((IDisposable)place!).Dispose(), place);
        }
    }

    /// <summary>Without the connection's execution context, which would be put on and taken off at every step of every poll.</summary>
    private ValueTask<bool> ServeInNoContextAsync()
    {
        using (ExecutionContext.SuppressFlow())
            return ServeAsync();
    }

    /// <summary>Serves polls; whether something else came, which is left for the ordinary pipeline. False when the connection has ended.</summary>
    private async ValueTask<bool> ServeAsync()
    {
        for (int served = 1; !_isOver; served++)
        {
            if (served % InOneGo == 0)
                await Task.Yield();
            ValueTask<ReadResult> reading = _input.ReadAsync();
            if (!reading.IsCompleted)
                Volatile.Write(ref _deadline, lane.DeadlineOf(lane.KeepAlive));
            ReadResult read = await reading;
            Volatile.Write(ref _deadline, 0);
            if (read.IsCanceled)
                _left = PassThrough;
            if (read.IsCanceled || read.Buffer.IsEmpty || !TryTake(read.Buffer, onlyLook: false, out WaitQuery query, out Mailbox? box, out CometReply? reply))
            {
                _input.AdvanceTo(read.Buffer.Start);
                return !read.Buffer.IsEmpty;
            }

            if (box is not null)
            {
                Volatile.Write(ref _isParked, true);
                Volatile.Write(ref _deadline, lane.DeadlineOf(lane.Polls.Patience()));
                _waitStarted = lane.Polls.Started();
                MailRead mail = await Polls.WaitAsync(box, query, _waiter);
                lane.Polls.Ended(mail.Status, _waitStarted);
                Volatile.Write(ref _deadline, 0);
                Volatile.Write(ref _isParked, false);
                if (mail.Status == MailStatus.Mail)
                {
                    Mail[] fit = lane.Polls.Fit(box, query, mail.Mail, out int length);
                    _isOver = lane.Polls.IsStopping;
                    if (length > AnswerWriter.Piece)
                    {
                        await WriteLongAsync(fit, length);
                        continue;
                    }

                    lane.Answers.Write(_output, fit, length, closes: _isOver);
                }
                else
                {
                    reply = Polls.ReplyTo(mail);
                }

                if (mail.Status == MailStatus.Superseded)
                    await lane.Limits.PaySupersededAsync(_session, connection.ConnectionClosed);
            }

            if (reply is not null)
            {
                _isOver = reply.RetryAfter is not null || lane.Polls.IsStopping;
                lane.Answers.Write(_output, reply, closes: _isOver);
            }

            ValueTask<FlushResult> flushing = _output.FlushAsync();
            FlushResult flushed = flushing.IsCompleted ? await flushing : await WaitTakenAsync(flushing);
            _isOver |= flushed.IsCompleted || flushed.IsCanceled;
        }

        return false;
    }

    /// <summary>Takes a poll out of what has come; otherwise takes note of where the request ends.</summary>
    private bool TryTake(in ReadOnlySequence<byte> buffer, bool onlyLook, out WaitQuery query, out Mailbox? box, out CometReply? reply)
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
        if (!head.IsGet || head.HasBody || !lane.MayServe(head) || !WaitTarget.TryParse(lane.BelowBase(head.Target), lane.Polls.Epoch, out query))
            return false;
        if (onlyLook)
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
        if (box is not null && (isNew || !ReferenceEquals(box, _box)))
            ListCookie.Recall(head.Cookie, box);
        _box = box;

        // What asks the same again has its limits; over those it is not for this lane to wait.
        if (!PollLimits.IsFree(box, query) && !TryPay())
            return false;
        _left = 0;
        _input.AdvanceTo(buffer.GetPosition(head.Length));
        return true;
    }

    /// <summary>
    /// To the pool, where the application runs; for a read when it is its turn: thousands that come at once would otherwise stand in the pool's queue before everybody's messages, with all that
    /// the ordinary pipeline does before the application.
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

    /// <summary>The address of a trusted proxy is not its client's, which only the ordinary pipeline knows.</summary>
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

    /// <summary>The beat is that of all connections: a bug of one of them ends that one, not the others' clocks.</summary>
    private void Tick()
    {
        try
        {
            Look();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            connection.Abort(new ConnectionAbortedException("The clock of the connection failed.", e));
        }
    }

    /// <summary>Once a second: answers the poll whose time is over; ends the connection of a client that says nothing, or does not take its answer.</summary>
    private void Look()
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
