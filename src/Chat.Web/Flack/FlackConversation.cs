using System.Threading.RateLimiting;
using ErlChat.Mailboxes;
using ErlChat.Outcomes;
using ErlChat.Protocol.Flack;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Submissions;
using ErlChat.Web.WebSockets;

namespace ErlChat.Web.Flack;

/// <summary>
/// Handles a client's requests in order: keeps the state of the protocol and the client's session. The next request is handled only after
/// the mail caused by the previous one has been written, so answers stay in order.
/// </summary>
/// <remarks>Handle one request at a time. <see cref="LeaveAsync"/> may be called at any time.</remarks>
internal sealed class FlackConversation(
    FlackDoor door,
    FrameWriter writer,
    FlackAdmission admission,
    RateLimiter? control,
    Func<bool> moreWaiting,
    Action<FlackEnd> end)
{
    private static readonly byte[] s_hello = Frame.Text(FlackJson.Encode(new ServerHelloRecord(FlackRequest.Version)));
    private static readonly byte[] s_pingReply = Frame.Text(FlackJson.Encode(new PingReplyRecord()));

    private readonly FlackChats _chats = new();
    private readonly FloodWatch _flood = new(door.Options.FloodLimit, door.Time);
    private readonly Lock _gate = new();
    private State _state;
    private SessionKey? _session;
    private Mailbox? _box;
    private FlackPump? _pump;

    private enum State
    {
        BeforeHello,
        BeforeAuthenticate,
        Authenticated,
    }

    /// <summary>Completes when the pump has ended. The pump starts at authentication and ends with the connection.</summary>
    internal Task Pumping { get; private set; } = Task.CompletedTask;

    /// <summary>Whether the client has authenticated. May be read from any thread.</summary>
    internal bool IsAuthenticated { get; private set; }

    /// <summary>The client's session; null if it has none. Thread-safe.</summary>
    internal SessionKey? Session
    {
        get
        {
            lock (_gate)
                return _session;
        }
    }

    /// <summary>Handles the next request. Returns null unless the request ends the connection.</summary>
    /// <exception cref="OperationCanceledException">The connection is ending for another reason.</exception>
    internal ValueTask<FlackEnd?> TakeAsync(FlackRequest request, CancellationToken ending) => _state switch
    {
        State.BeforeHello => HelloAsync(request),
        State.BeforeAuthenticate => AuthenticateAsync(request, ending),
        _ => ChatAsync(request, ending),
    };

    /// <summary>
    /// Ends the session, if there is one. It comes first when a connection ends, so that others do not see a user who has gone.
    /// </summary>
    internal async Task LeaveAsync()
    {
        SessionKey? session;
        lock (_gate)
            (session, _session) = (_session, null);
        if (session is not null && await door.Room.LeaveAsync(session.Value) is Refused { Why: not Refusal.BadSession } refused)
            door.LeaveRefused(refused.Why);
    }

    private async ValueTask<FlackEnd?> HelloAsync(FlackRequest request)
    {
        if (request is not ClientHelloRequest hello)
            return FlackEnd.Error(FlackError.HelloExpected);
        if (hello.ProtocolVersion != FlackRequest.Version)
            return FlackEnd.Error(FlackError.UnsupportedVersion(hello.ProtocolVersion));
        _state = State.BeforeAuthenticate;
        await writer.WriteAsync(s_hello);
        return null;
    }

    private async ValueTask<FlackEnd?> AuthenticateAsync(FlackRequest request, CancellationToken ending)
    {
        switch (request)
        {
            case UnrecognizedRequest or ClientHelloRequest:
                return FlackEnd.Error(FlackError.Unrecognized);
            case AuthenticateRequest { UserName: null }:
                return FlackEnd.Error(FlackError.UserNameMissing);
            case AuthenticateRequest { UserName: { } name } authenticate:
                return await LogInAsync(name, authenticate.UserId, ending);
            default:
                return FlackEnd.Error(FlackError.AuthenticateExpected);
        }
    }

    private async ValueTask<FlackEnd?> LogInAsync(string name, string? userId, CancellationToken ending)
    {
        JoinResult result = await door.Room.JoinAsync(
            new JoinRequest(null, admission.Host) { Name = name, WantedUserId = userId, Home = null });
        admission.Decided();
        if (result.Outcome is not JoinAccepted joined)
            return Refuse((Refused)result.Outcome, FlackError.Unrecognized);
        lock (_gate)
            _session = result.Session;
        _box = door.Office.Find(result.Session);
        if (_box is null)
            return FlackEnd.Removed;

        _state = State.Authenticated;
        IsAuthenticated = true;
        await writer.WriteAsync(Frame.Text(FlackJson.Encode(new AuthenticatedRecord(joined.Who.UserId))));
        _pump = new FlackPump(_box, door.Format, _chats, writer, door.Patience);
        Pumping = PumpAsync(_pump, joined.Sequence + 1, ending);
        return null;
    }

    private async Task PumpAsync(FlackPump pump, long cursor, CancellationToken ending)
    {
        try
        {
            if (await pump.RunAsync(cursor, ending) is { } ended)
                end(ended);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            door.Failed(e);
            end(FlackEnd.Bug);
        }
    }

    private async ValueTask<FlackEnd?> ChatAsync(FlackRequest request, CancellationToken ending)
    {
        switch (request)
        {
            case PingRequest:
                if (control is not null)
                    _ = await control.AcquireAsync(1, ending);
                await writer.WriteAsync(s_pingReply);
                return null;
            case ChatMessageRequest { ChatName: { } chat } message:
                var said = new Submission(_box!.Owner, message.Message)
                {
                    Room = _chats.AddressOf(chat),
                    AllowCommands = false,
                    AllowBlank = true,
                    TellRateLimit = false,
                };
                return await PacedAsync(() => door.Submissions.SubmitAsync(said), FlackError.NotJoinedToSpeak, ending);
            case JoinChatRequest { ChatName: { } chat }:
                _chats.Expect(chat);
                return await PacedAsync(
                    async () => door.Room.Admit(_box!) ?? await door.Room.EnterAsync(_box!.Owner, _chats.AddressOf(chat)),
                    FlackError.NotJoinedToSpeak,
                    ending);
            case LeaveChatRequest { ChatName: { } chat }:
                return await PacedAsync(
                    async () => door.Room.Admit(_box!) ?? await door.Room.PartAsync(_box!.Owner, _chats.AddressOf(chat)),
                    FlackError.NotJoinedToLeave,
                    ending);
            case ClientGoodbyeRequest:
                return FlackEnd.Goodbye;
            case ChatMessageRequest:
                return FlackEnd.Error(FlackError.NotJoinedToSpeak);
            case JoinChatRequest:
                return FlackEnd.Error(FlackError.ChatNameMissing);
            case LeaveChatRequest:
                return FlackEnd.Error(FlackError.NotJoinedToLeave);
            case AuthenticateRequest:
                return FlackEnd.Error(FlackError.AlreadyAuthenticated);
            case UnrecognizedRequest or ClientHelloRequest:
                return FlackEnd.Error(FlackError.Unrecognized);
            default:
                throw new System.Diagnostics.UnreachableException(request.GetType().Name);
        }
    }

    /// <summary>
    /// Runs a command. Above the rate limit it is delayed rather than refused, unless the client has been too fast for too long.
    /// </summary>
    private async ValueTask<FlackEnd?> PacedAsync(Func<Task<Outcome?>> command, FlackError notJoined, CancellationToken ending)
    {
        while (true)
        {
            Outcome? outcome = await command();
            if (outcome is not Refused { Why: Refusal.RateLimited, Wait: { } wait })
            {
                _flood.Passed(moreWaiting());
                return await SettleAsync(outcome, notJoined, ending);
            }

            if (!_flood.MayWait(moreWaiting()))
                return Refuse(new Refused(Refusal.RateLimited), notJoined);
            await Task.Delay(wait, door.Time, ending);
        }
    }

    /// <summary>
    /// Turns an outcome into the end of the connection, or null. An accepted command is done when its mail has been written.
    /// </summary>
    private async ValueTask<FlackEnd?> SettleAsync(Outcome? outcome, FlackError notJoined, CancellationToken ending)
    {
        switch (outcome)
        {
            case Accepted accepted:
                await _pump!.PassedAsync(accepted.Sequence, ending);
                return null;
            case Refused refused:
                return Refuse(refused, notJoined);
            default:
                throw new System.Diagnostics.UnreachableException(outcome?.ToString());
        }
    }

    private FlackEnd? Refuse(Refused refused, FlackError notJoined)
    {
        door.Metrics.Refused(refused.Why);
        return FlackRefusals.EndOf(refused.Why, notJoined);
    }
}
