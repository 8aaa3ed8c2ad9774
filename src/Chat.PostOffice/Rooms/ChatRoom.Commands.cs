using ErlChat.Limits;
using ErlChat.Log;
using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Sessions;
using ErlChat.Texts;

namespace ErlChat.Rooms;

/// <summary>The commands, one method each. All of them are safe to call from any thread, and none throws for what a user did.</summary>
public sealed partial class ChatRoom
{
    /// <summary>Begins a session.</summary>
    /// <returns><see cref="JoinAccepted"/>, or refused for HostBanned, HostFull, NickInvalid or NickTaken, checked in this order, or RateLimited, or Unavailable.</returns>
    public async Task<JoinResult> JoinAsync(JoinRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        bool adjust = request.Name is not null;
        string? nick = adjust ? Nick.Reduce(request.Name!, _options.MaxNickLength) : Nick.Normalize(request.Nick, _options.MaxNickLength);
        string name = request.Name ?? nick ?? "";
        string nickLook = Skeleton.Of(nick ?? "");
        string? nameLook = adjust ? Skeleton.Of(name) : null;
        if (RefusalOf(request.Host, nick, name, nickLook, nameLook) is { } refused)
            return new JoinResult(refused, default, null);

        if (_admission.Login(request.Host) is { } limited)
            return new JoinResult(limited, default, null);
        string token = SessionToken.Create();
        SessionKey session = SessionKey.Of(token);
        Outcome outcome = await ExecuteAsync(new Joined(
            session,
            nick!,
            name,
            UserId.Create(),
            UserId.IsOurs(request.WantedUserId) || AuthText.LooksLikeAuth(request.WantedUserId ?? "") ? null : request.WantedUserId,
            adjust,
            request.Host,
            request.Home,
            _options.MaxSessionsPerHost,
            _options.MaxNickLength)
        {
            NickLook = nickLook,
            NameLook = nameLook,
        });
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
    /// <param name="room">The room's name; the door has checked its length (<see cref="RoomName.IsValid"/> at the comet door).</param>
    /// <param name="quiet">Whether the session is not to be told who comes and goes there.</param>
    /// <param name="key">The client's idempotency key; null for none.</param>
    /// <returns>
    /// <see cref="RoomAccepted"/>, <see cref="Repeated"/>, or refused for BadSession, BadRoomName (<see cref="NameRule"/>, <see cref="AuthText"/>), LooksAlike, AlreadyInRoom or TooManyRooms.
    /// </returns>
    public Task<Outcome> EnterAsync(SessionKey session, string room, bool quiet = false, string? key = null)
    {
        // A room that exists may be older than the rule.
        if (FindRoom(room) is null && (!NameRule.IsName(room, _options.MaxMarksPerLetter) || AuthText.LooksLikeAuth(room)))
            return Task.FromResult<Outcome>(new Refused(Refusal.BadRoomName));
        string look = Skeleton.Of(room);
        return look == s_lobbyLook && !RoomName.Same(room, RoomName.Lobby)
            ? Task.FromResult<Outcome>(new Refused(Refusal.LooksAlike))
            : ExecuteAsync(new EnteredRoom(session, room, quiet, _options.MaxRooms, _options.MaxRoomsPerSession) { Key = key, Look = look });
    }

    /// <summary>Leaves a room. Refused for BadSession, NotInRoom or HomeRoom; <see cref="Repeated"/> when the key was used before.</summary>
    public Task<Outcome> PartAsync(SessionKey session, string room, string? key = null) =>
        MayBeRoom(room) ? ExecuteAsync(new PartedRoom(session, room) { Key = key }) : Task.FromResult<Outcome>(new Refused(Refusal.NotInRoom));

    /// <summary>
    /// A client begins (again) to read, from what comes next on. Opens the snapshot that <see cref="ListAsync"/> closes, unless the client
    /// sorts out by itself which joins and leaves its lists have (<paramref name="allJoins"/>). Writes nothing.
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
    /// list, and not told again to a reader who starts from there; its mailbox remembers that. Writes nothing.
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

    /// <summary>
    /// Takes one of the session's messages off its limits, for a door's own commands; null, or <see cref="Refusal.RateLimited"/>, or
    /// <see cref="Refusal.BadSession"/> for one that has ended, whose commands would only fill the log.
    /// </summary>
    public Refused? Admit(Mailbox box)
    {
        ArgumentNullException.ThrowIfNull(box);
        box.Touch();
        if (Find(box.Owner) is not { } sender)
            return new Refused(Refusal.BadSession);
        Refused? limited = _admission.Message(box.Owner, sender.Host, "");
        if (limited is null)
            box.EndRefusing();
        else
            box.BeginRefusing();
        return limited;
    }

    internal Task<Outcome> SayAsync(SessionKey session, string room, string text, bool action, string? key) =>
        ExecuteAsync(new Said(session, room, text, action) { Key = key });

    /// <param name="to">A nick; empty when <paramref name="toId"/> says it all.</param>
    /// <param name="toId">The user id of who is meant; null for whoever has the nick.</param>
    internal Task<Outcome> WhisperAsync(SessionKey session, string to, string? toId, string text, string? key) =>
        ExecuteAsync(new Whispered(session, to, text) { Key = key, ToId = toId });

    /// <summary>Tells a session something, as an entry. A long answer costs it bytes of the log; without any left it is told to ask later.</summary>
    internal Task<Outcome> TellAsync(SessionKey session, string text, string? html = null, string? key = null)
    {
        if (text.Length + (html?.Length ?? 0) > Admission.EntryBytes * 4
            && Find(session) is { } reader
            && _admission.LogBytes(session, reader.Host, text + html) is { Wait: { } wait })
        {
            (text, html) = ($"The answer is too long at the moment. Please try again in {Math.Ceiling(wait.TotalSeconds)} seconds.", null);
        }

        return ExecuteAsync(new Told(session, text, html) { Key = key });
    }

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
        ExecuteAsync(new Muted(admin, nick, length > TimeSpan.Zero ? _time.GetUtcNow() + length : DateTimeOffset.UnixEpoch) { Outlives = true, Key = key });

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
    /// <param name="nameLook">Null when the name is the nick, which then cannot be adjusted.</param>
    private Refused? RefusalOf(string host, string? nick, string name, string nickLook, string? nameLook)
    {
        if (HostRefusal(host) is { } refused)
            return refused;
        if (nick is null || (nameLook is not null && (!NameRule.IsName(name, _options.MaxMarksPerLetter) || AuthText.LooksLikeAuth(name))))
            return new Refused(Refusal.NickInvalid);
        if (Nick.LooksReserved(nick) || (nameLook is not null && Nick.LooksReserved(name)))
            return new Refused(Refusal.NickTaken);
        lock (_gate)
        {
            bool taken = nameLook is null ? _state.FindNick(nick) is not null || _state.Looks.IsTaken(nickLook, nick) : _state.Looks.IsTaken(nameLook, name);
            return taken ? new Refused(Refusal.NickTaken) : null;
        }
    }
}
