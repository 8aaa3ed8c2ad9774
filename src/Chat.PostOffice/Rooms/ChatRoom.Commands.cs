namespace ErlChat;

/// <summary>The commands, one method each. All of them are safe to call from any thread, and none throws for what a user did.</summary>
public sealed partial class ChatRoom
{
    /// <summary>Begins a session.</summary>
    /// <returns><see cref="JoinAccepted"/>, or refused for HostBanned, HostFull, NickInvalid or NickTaken, checked in this order, or Unavailable.</returns>
    public async Task<JoinResult> JoinAsync(JoinRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        bool adjust = request.Name is not null;
        string? nick = adjust ? Nick.Reduce(request.Name!, _options.MaxNickLength) : Nick.Normalize(request.Nick, _options.MaxNickLength);
        if (RefusalOf(request.Host, nick, adjust) is { } refused)
            return new JoinResult(refused, default, null);

        string token = SessionToken.Create();
        SessionKey session = SessionKey.Of(token);
        Outcome outcome = await ExecuteAsync(new Joined(
            session,
            nick!,
            request.Name ?? nick!,
            SessionToken.CreateUserId(),
            request.WantedUserId,
            adjust,
            request.Host,
            request.Home,
            _options.MaxSessionsPerHost,
            _options.MaxNickLength));
        return outcome is JoinAccepted ? new JoinResult(outcome, session, token) : new JoinResult(outcome, default, null);
    }

    /// <summary>Ends a session on its own wish. One that has ended is refused before the log: anybody could fill that with such words.</summary>
    public Task<Outcome> LeaveAsync(SessionKey session)
    {
        return !IsLive(session) ? Task.FromResult<Outcome>(new Refused(Refusal.BadSession)) : ExecuteAsync(new Left(session, CloseReason.Left));
    }

    /// <summary>Ends a session whose mailbox was closed for idleness.</summary>
    internal Task<Outcome> EvictAsync(SessionKey session) => ExecuteAsync(new Left(session, CloseReason.Timeout));

    /// <summary>Enters a room, which begins to exist with its first member.</summary>
    /// <param name="session">Who.</param>
    /// <param name="room">The room's name; the door has checked its shape (<see cref="RoomName.IsValid"/> at the comet door).</param>
    /// <param name="quiet">Whether the session is not to be told who comes and goes there.</param>
    /// <param name="key">The client's idempotency key; null for none.</param>
    /// <returns><see cref="RoomAccepted"/>, <see cref="Repeated"/>, or refused for BadSession, AlreadyInRoom or TooManyRooms.</returns>
    public Task<Outcome> EnterAsync(SessionKey session, string room, bool quiet = false, string? key = null) =>
        ExecuteAsync(new EnteredRoom(session, room, quiet, _options.MaxRooms, _options.MaxRoomsPerSession) { Key = key });

    /// <summary>Leaves a room. Refused for BadSession, NotInRoom or HomeRoom; <see cref="Repeated"/> when the key was used before.</summary>
    public Task<Outcome> PartAsync(SessionKey session, string room, string? key = null) => ExecuteAsync(new PartedRoom(session, room) { Key = key });

    /// <summary>
    /// A client begins (again) to read, from what comes next on. Opens the snapshot that <see cref="ListAsync"/> closes, unless the client
    /// sorts out by itself which joins and leaves
    /// its lists have (<paramref name="allJoins"/>). Writes nothing.
    /// </summary>
    public Started StartReading(Mailbox box, bool allJoins = false)
    {
        ArgumentNullException.ThrowIfNull(box);
        box.Touch();
        long from = _office.Head + 1;
        return new Started(allJoins ? from : box.OpenList(from));
    }

    /// <summary>
    /// The people of the lobby: a snapshot at a sequence. Joins and leaves between <see cref="StartReading"/> and that sequence are on the
    /// list, and not told again to a reader
    /// who starts from there; its mailbox remembers that. Writes nothing.
    /// </summary>
    /// <returns><see cref="PeopleListed"/>, or refused for BadSession.</returns>
    public async Task<Outcome> ListAsync(Mailbox box, bool allJoins = false)
    {
        ArgumentNullException.ThrowIfNull(box);
        box.Touch();
        long? start = allJoins ? null : box.TakeListStart();
        if (!IsLive(box.Owner))
            return new Refused(Refusal.BadSession);
        PeopleListed list = (await _people.GetAsync(RoomName.Lobby))!;

        // What is hidden must be there, or another reader of the mailbox could be given the mail before it afterwards, and be taken for
        // this one.
        await _office.DeliveredAsync(list.Sequence);
        if (start is { } cursor && list.Sequence > 0)
            box.Hide(cursor, list.Sequence);
        return list;
    }

    /// <summary>Takes one of the session's messages off its rate limit, for a door's own commands; null, or <see cref="Refusal.RateLimited"/>.</summary>
    public Refused? Admit(Mailbox box)
    {
        ArgumentNullException.ThrowIfNull(box);
        box.Touch();
        return _rates.TryTake(box, out TimeSpan wait, out _) ? null : new Refused(Refusal.RateLimited, wait);
    }

    internal Task<Outcome> SayAsync(SessionKey session, string room, string text, bool action, string? key) =>
        ExecuteAsync(new Said(session, room, text, action) { Key = key });

    internal Task<Outcome> WhisperAsync(SessionKey session, string to, string text, string? key) =>
        ExecuteAsync(new Whispered(session, to, text) { Key = key });

    internal Task<Outcome> TellAsync(SessionKey session, string text, string? html = null, string? key = null) =>
        ExecuteAsync(new Told(session, text, html) { Key = key });

    internal Task<Outcome> SetTopicAsync(SessionKey session, string room, string topic, string? key) =>
        ExecuteAsync(new TopicSet(session, room, topic) { Key = key });

    internal Task<Outcome> SetAdminAsync(SessionKey session, bool isAdmin, string? key = null) =>
        ExecuteAsync(isAdmin ? new AdminGranted(session) { Key = key } : new AdminRevoked(session) { Key = key });

    internal Task<Outcome> KickAsync(SessionKey admin, string nick, string reason, string? key) =>
        ExecuteAsync(new Kicked(admin, nick, reason) { Key = key });

    internal Task<Outcome> BanAsync(SessionKey admin, string nick, string reason, TimeSpan length, string? key) =>
        ExecuteAsync(new Banned(admin, nick, reason, _time.GetUtcNow() + length) { Key = key });

    internal Task<Outcome> UnbanAsync(SessionKey admin, string host, string? key) => ExecuteAsync(new Unbanned(admin, host) { Key = key });

    internal Task<Outcome> MuteAsync(SessionKey admin, string nick, TimeSpan length, string? key) =>
        ExecuteAsync(new Muted(admin, nick, _time.GetUtcNow() + length) { Key = key });

    /// <summary>Why a login from a host would be refused at this moment, whoever it is; null when it would not. For doors that can tell before they ask who comes.</summary>
    /// <param name="coming">Logins from that host which are under way.</param>
    /// <returns>Refused for HostBanned or HostFull.</returns>
    public Refused? HostRefusal(string host, int coming = 0)
    {
        ArgumentNullException.ThrowIfNull(host);
        lock (_gate)
        {
            DateTimeOffset now = _time.GetUtcNow();
            if (_state.FindBan(host, now) is { } ban)
                return new Refused(Refusal.HostBanned, ban.Until - now);
            return _state.SessionsOf(host) + coming >= _options.MaxSessionsPerHost ? new Refused(Refusal.HostFull) : null;
        }
    }

    /// <summary>
    /// What can be refused before the log is troubled. The fold decides again, since only the log's order decides races; this keeps
    /// refused logins out of the log, and the order of the four refusals as the original had it.
    /// </summary>
    private Refused? RefusalOf(string host, string? nick, bool adjust)
    {
        if (HostRefusal(host) is { } refused)
            return refused;
        if (nick is null)
            return new Refused(Refusal.NickInvalid);
        lock (_gate)
            return !adjust && (Nick.IsReserved(nick) || _state.FindNick(nick) is not null) ? new Refused(Refusal.NickTaken) : null;
    }
}
