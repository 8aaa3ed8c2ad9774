using System.Threading.Channels;
using System.Threading.RateLimiting;
using ErlChat.Protocol.Flack;
using ErlChat.Web.Backpressure;
using ErlChat.Web.WebSockets;

namespace ErlChat.Web.Flack;

/// <summary>
/// One connection, from its handshake to its end. It reads frames, handles requests and, once the client is authenticated, pumps mail. The
/// first of these, or the idle timer, or the server's stop, that gives a reason ends all of them.
/// </summary>
internal sealed class FlackConnection : IAsyncDisposable
{
    /// <summary>How long a close may take while the server stops. Short, so that the stop is quick.</summary>
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromMilliseconds(300);

    /// <summary>If an idle check runs this much too late, the process was suspended, and the check says nothing about the client.</summary>
    private static readonly TimeSpan s_late = TimeSpan.FromSeconds(1);

    private readonly FlackDoor _door;
    private readonly Action _abort;
    private readonly RateLimiter? _control;
    private readonly string _host;
    private readonly FrameReader _reader;
    private readonly FrameWriter _writer;
    private readonly FlackConversation _conversation;
    private readonly Channel<Incoming> _requests;
    private readonly TaskCompletionSource<FlackEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _ending = new();

    /// <param name="transport">The stream of the connection. The request owns it.</param>
    /// <param name="abort">Aborts the transport.</param>
    internal FlackConnection(FlackDoor door, FlackAdmission admission, Stream transport, Action abort)
    {
        _door = door;
        _abort = abort;
        _control = door.Admission.ControlFrames();
        _host = admission.Host;
        _reader = new FrameReader(transport, door.Options.MaxFrameBytes, door.Time, TakeControlFrame);
        _writer = new FrameWriter(transport, Hold, door.Options.SendLimit, door.Time, () => End(FlackEnd.Slow));
        _requests = Channel.CreateBounded<Incoming>(
            new BoundedChannelOptions(door.Options.MaxQueuedRequests) { SingleReader = true, SingleWriter = true });
        _conversation = new FlackConversation(door, _writer, admission, _control, () => _requests.Reader.Count > 0, End);
    }

    /// <summary>Ends the connection. Only the first reason counts. Does not block.</summary>
    internal void End(FlackEnd end) => _end.TrySetResult(end);

    /// <summary>Serves the client until the connection ends, and returns the reason.</summary>
    internal async Task<FlackEnd> RunAsync()
    {
        Task receiving = Task.CompletedTask;
        Task taking = Task.CompletedTask;
        FlackEnd end;
        await using (WatchIdle())
        {
            receiving = ReceiveAsync();
            taking = TakeAsync();
            end = await _end.Task;
        }

        await _ending.CancelAsync();
        await LeaveAsync();
        if (end.IsSilent || !await SayEndAsync(end, receiving))
            _abort();
        await Task.WhenAll(receiving, taking);

        // Read only now, because a login in progress may have started the pump.
        await _conversation.Pumping;

        // Ends a session that began while the connection was ending.
        await LeaveAsync();
        _door.Ended(end);
        return end;
    }

    public async ValueTask DisposeAsync()
    {
        await _reader.DisposeAsync();
        _writer.Dispose();
        _ending.Dispose();
    }

    /// <summary>Counts bytes that the client does not read at once.</summary>
    private IDisposable? Hold(int bytes) => _door.Unread.TryHold(new AnswerReader(_conversation.Session ?? default, _host), bytes);

    /// <summary>Ends the session. A failure is only logged, because the connection must be ended in any case.</summary>
    private async Task LeaveAsync()
    {
        try
        {
            await _conversation.LeaveAsync();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _door.Failed(e);
        }
    }

    /// <summary>Writes the last frames and waits for the client to close. Returns false if the client does not do so in time.</summary>
    private async Task<bool> SayEndAsync(FlackEnd end, Task receiving)
    {
        TimeSpan limit = end == FlackEnd.Stopping ? s_stopLimit : _door.Options.CloseLimit;
        long started = _door.Time.GetTimestamp();
        if (!await _writer.CloseAsync(end.Frames(), limit))
            return false;
        TimeSpan left = limit - _door.Time.GetElapsedTime(started);
        try
        {
            await receiving.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, _door.Time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>
    /// Reads until the client closes or has gone. It keeps reading after the end, because a client whose connection is cut with unread data
    /// may never see the close frame.
    /// </summary>
    private async Task ReceiveAsync()
    {
        try
        {
            while (true)
            {
                Received next = await _reader.ReadAsync();
                switch (next.Kind)
                {
                    case ReceivedKind.Ping:
                        await _writer.WriteAsync(Frame.Pong(next.Payload.Span));
                        break;
                    case ReceivedKind.Text:
                        await QueueAsync(new Incoming(FlackRequestReader.Read(next.Payload.Span), null));
                        break;
                    case ReceivedKind.Binary:
                        await QueueAsync(new Incoming(null, FlackEnd.Error(FlackError.UnexpectedMessage)));
                        break;
                    case ReceivedKind.Close:
                        await QueueAsync(new Incoming(null, FlackEnd.Closed(next.Status)));
                        return;
                    case ReceivedKind.Fault:
                        End(next.Status == CloseStatus.Policy ? FlackEnd.Flood : FlackEnd.Fault(next.Status!.Value));
                        await _reader.DiscardAsync();
                        return;
                    default:
                        End(FlackEnd.Lost);
                        return;
                }
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _door.Failed(e);
            End(FlackEnd.Bug);
        }
    }

    /// <summary>Waits for a place in the queue, which makes the client wait too. Discards what arrives after the end.</summary>
    private async ValueTask QueueAsync(Incoming incoming)
    {
        if (_ending.IsCancellationRequested || _requests.Writer.TryWrite(incoming))
            return;
        try
        {
            await _requests.Writer.WriteAsync(incoming, _ending.Token);
        }
        catch (OperationCanceledException)
        {
            // The connection is ending.
        }
    }

    private async Task TakeAsync()
    {
        try
        {
            FlackEnd? end = null;
            while (end is null)
            {
                Incoming next = await _requests.Reader.ReadAsync(_ending.Token);
                end = next.End ?? await _conversation.TakeAsync(next.Request!, _ending.Token);
            }

            End(end);
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The connection is ending for another reason.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _door.Failed(e);
            End(FlackEnd.Bug);
        }
    }

    /// <summary>
    /// Charges a control frame: a ping, a pong or an empty fragment costs the server as much as the client. Returns false if there are too
    /// many.
    /// </summary>
    private bool TakeControlFrame()
    {
        if (_control?.AttemptAcquire() is not { IsAcquired: false } refused)
            return true;
        _door.Admission.Note(refused, _host);
        return false;
    }

    /// <summary>
    /// Starts a timer that checks whether the client has authenticated in time and has not been silent for too long. After each check it is
    /// set to the next possible deadline.
    /// </summary>
    private ITimer WatchIdle()
    {
        TimeSpan limit = _door.Options.IdleLimit;
        TimeSpan early = _door.Options.AuthenticateLimit;
        long began = _door.Time.GetTimestamp();
        long due = 0;
        ITimer timer = null!;
        timer = _door.Time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        LookIn(limit < early ? limit : early);
        return timer;

        void LookIn(TimeSpan wait)
        {
            due = _door.Time.GetTimestamp() + (long)(wait.TotalSeconds * _door.Time.TimestampFrequency);
            timer.Change(wait, Timeout.InfiniteTimeSpan);
        }

        void Look()
        {
            // The process was suspended. Data that the client sent meanwhile has not been read yet.
            if (_door.Time.GetElapsedTime(due) > s_late)
            {
                LookIn(limit < early ? limit : early);
                return;
            }

            TimeSpan left = limit - _door.Time.GetElapsedTime(_reader.LastReceived);
            TimeSpan toAuthenticate = _conversation.IsAuthenticated ? TimeSpan.MaxValue : early - _door.Time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
                End(FlackEnd.Idle);
            else if (toAuthenticate <= TimeSpan.Zero)
                End(FlackEnd.Late);
            else
                LookIn(left < toAuthenticate ? left : toAuthenticate);
        }
    }

    /// <summary>A queued request, or the end of the connection that a frame asks for.</summary>
    private readonly record struct Incoming(FlackRequest? Request, FlackEnd? End);
}
