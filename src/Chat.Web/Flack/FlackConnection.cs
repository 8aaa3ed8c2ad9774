using System.Threading.Channels;
using System.Threading.RateLimiting;
using ErlChat.Protocol.Flack;
using ErlChat.Web.Backpressure;
using ErlChat.Web.WebSockets;

namespace ErlChat.Web.Flack;

/// <summary>
/// One connection, from its handshake to its end: a reader of frames, a taker of requests and, once it is authenticated, a pump of mail.
/// The first of them – or the clock, or the server's stop – that gives a reason ends all of it.
/// </summary>
internal sealed class FlackConnection : IAsyncDisposable
{
    /// <summary>How long an end is waited for when the server stops: the stop is to be quick.</summary>
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromMilliseconds(300);

    /// <summary>A look at a silent client that comes so much later than it should says nothing about the client.</summary>
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

    /// <param name="transport">Belongs to the request.</param>
    /// <param name="abort">Cuts the transport.</param>
    internal FlackConnection(FlackDoor door, FlackAdmission admission, Stream transport, Action abort)
    {
        _door = door;
        _abort = abort;
        _control = door.Admission.ControlFrames();
        _host = admission.Host;
        _reader = new FrameReader(transport, door.Options.MaxFrameBytes, door.Time, TakeControlFrame);
        _writer = new FrameWriter(transport, Hold, door.Options.SendLimit, door.Time, () => End(FlackEnd.Slow));
        _requests = Channel.CreateBounded<Incoming>(new BoundedChannelOptions(door.Options.MaxQueuedRequests) { SingleReader = true, SingleWriter = true });
        _conversation = new FlackConversation(door, _writer, admission, _control, () => _requests.Reader.Count > 0, End);
    }

    /// <summary>Ends the connection; the first reason counts. Does not block.</summary>
    internal void End(FlackEnd end) => _end.TrySetResult(end);

    /// <summary>Serves the client until the end, and says what that was.</summary>
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

        // Only now, since a login that was under way may have begun to pump.
        await _conversation.Pumping;

        // A session that began while the connection ended.
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

    /// <summary>Takes into account what the client does not take at once.</summary>
    private IDisposable? Hold(int bytes) => _door.Unread.TryHold(new AnswerReader(_conversation.Session ?? default, _host), bytes);

    /// <summary>Ends the session. Whatever goes wrong with that, the connection still has to be ended.</summary>
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

    /// <summary>
    /// Writes the last words and waits for the client's side of the close. False when the client does not do its part in time.
    /// </summary>
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
    /// Reads until the client closes or is gone, after the end too: a client that is cut off with unread data may never see the close.
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

    /// <summary>Waits for a place in the queue, and so does the client; what comes after the end is thrown away.</summary>
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
            // The connection ends.
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
            // The connection ends for another reason.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _door.Failed(e);
            End(FlackEnd.Bug);
        }
    }

    /// <summary>A ping, a pong or an empty fragment costs us as much as it costs the client. False for one too many.</summary>
    private bool TakeControlFrame()
    {
        if (_control?.AttemptAcquire() is not { IsAcquired: false } refused)
            return true;
        _door.Admission.Note(refused, _host);
        return false;
    }

    /// <summary>
    /// One timer that looks whether the client has authenticated, and was heard of since, and is set again to when it may have been silent
    /// for too long.
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
            // The process stood still: what the client has sent meanwhile is still to be read.
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

    /// <summary>What waits for its turn: a request, or the end that a frame means.</summary>
    private readonly record struct Incoming(FlackRequest? Request, FlackEnd? End);
}
