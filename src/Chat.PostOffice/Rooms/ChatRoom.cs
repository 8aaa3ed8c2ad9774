using ErlChat.Appending;
using ErlChat.Delivery;
using ErlChat.Following;
using ErlChat.Health;
using ErlChat.History;
using ErlChat.Limits;
using ErlChat.Log;
using ErlChat.Mailboxes;
using ErlChat.Members;
using ErlChat.Names;
using ErlChat.Nodes;
using ErlChat.Outcomes;
using ErlChat.Sessions;
using ErlChat.Settings;
using ErlChat.Snapshots;
using ErlChat.State;
using ErlChat.Telemetry;
using ErlChat.Texts;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ErlChat.Rooms;

/// <summary>
/// The service behind every door: it takes commands and answers questions. Data flows one way, command → log → state → mail, and each
/// step is a separate part. This class puts the parts together, starts them and stops them.
/// </summary>
/// <remarks>
/// <para>The parts: <see cref="CommandQueue"/> takes commands and appends their entries. <see cref="LogFollower"/> follows the log, and
/// <see cref="EntryApplier"/> applies each entry to the <see cref="GuardedState"/>. <see cref="MailDelivery"/> delivers the resulting mail.
/// <see cref="LogReplay"/> and <see cref="SnapshotSaver"/> restore the chat after a restart. <see cref="ChatQueries"/> answers
/// questions.</para>
/// <para>Thread-safe. No command throws because of what a user did. One lock guards the state; it is never held while mail is delivered.
/// Lock order: the state's, then a mailbox's.</para>
/// </remarks>
public sealed class ChatRoom : IHostedService, IDisposable
{
    private static readonly string s_lobbyLook = Skeleton.Of(RoomName.Lobby);

    private readonly GuardedState _state = new();
    private readonly IChatLog _log;
    private readonly PostOffice _office;
    private readonly ChatOptions _options;
    private readonly TimeProvider _time;
    private readonly Admission _admission;
    private readonly RingTroubles _troubles;
    private readonly CommandQueue _commands;
    private readonly LogReplay _replay;
    private readonly LogFollower _follower;
    private readonly SnapshotSaver _snapshots;
    private readonly ChatQueries _queries;
    private readonly Logins _logins;
    private readonly LobbyLists _lists;
    private readonly Presence _presence;
    private readonly LogCatchUp _catchUp;
    private readonly SessionArrivals _arrivals;
    private readonly INodes _nodes;

    public ChatRoom(
        IChatLog log,
        PostOffice office,
        IChatHistory history,
        IAdminPasswords passwords,
        IOptions<ChatOptions> options,
        TimeProvider time,
        ILogger<ChatRoom> logger,
        Admission admission,
        ISnapshotStore? snapshots = null,
        RingMetrics? metrics = null,
        Conditions? conditions = null,
        INodes? nodes = null,
        ICredentialStore? credentials = null)
    {
        ArgumentNullException.ThrowIfNull(office);
        ArgumentNullException.ThrowIfNull(options);
        (_log, _office, _options, _time, _admission) = (log, office, options.Value, time, admission);
        _troubles = new RingTroubles(time, logger);
        office.ReaderFailed = _troubles.ReaderFailed;
        if (conditions is not null)
            _troubles.AddTo(conditions);
        _commands = new CommandQueue(log, time, _troubles, metrics, nodes?.Self is null ? null : nodes);
        var delivery = new MailDelivery(office, history, _troubles);
        var applier = new EntryApplier(_state, delivery, office, _commands, _troubles);
        ISnapshotStore store = snapshots ?? NoSnapshots.Instance;
        _snapshots = new SnapshotSaver(_state, store, _troubles);
        _replay = new LogReplay(log, store, _state, applier, _snapshots, delivery, office, logger);
        RemoteCharges? charges = nodes?.Self is null ? null : new RemoteCharges(admission, _state, _commands.Origin, time);
        _follower = new LogFollower(log, _state, applier, _snapshots, _commands, time, _troubles, charges);
        _queries = new ChatQueries(_state, history, time);
        _logins = new Logins(_state, _commands, admission, _options, time, nodes?.Self);
        _lists = new LobbyLists(_queries, office);
        _catchUp = new LogCatchUp(log, office, _options, time);
        _arrivals = new SessionArrivals(_catchUp, office, _options);
        _presence = new Presence(_state, _commands, office, _catchUp, _options, time, nodes ?? SingleNode.Instance);
        _nodes = nodes ?? SingleNode.Instance;
        Moderation = new RoomModeration(this, _commands, _options);
        Links = new RoomLinks(this, _commands, _options, time);
        Messages = new MessageChanges(this, _queries, _commands, admission, _options, time);
        Replies = new Replies(this, _queries, _commands);
        Reactions = new Reactions(this, _queries, _commands, _catchUp, admission, _options, time, _troubles);
        Typing = new Typing(_state, office, _options, time);
        Preferences = new PersonPreferences(this, _queries, _commands, _options);
        Records = new PersonRecords(_state, history, time);
        Erasures = new Erasures(_state, _commands, credentials);
        Administration = new Administration(this, _commands, passwords, admission, new TextRule(_options), time);
    }

    /// <summary>What administrators do.</summary>
    public Administration Administration { get; }

    /// <summary>What the chat has of a person.</summary>
    public PersonRecords Records { get; }

    /// <summary>How persons are erased, and addresses forgotten.</summary>
    public Erasures Erasures { get; }

    /// <summary>What owners and moderators of rooms do.</summary>
    public RoomModeration Moderation { get; }

    /// <summary>Links that lead into rooms.</summary>
    public RoomLinks Links { get; }

    /// <summary>Editing and deleting messages.</summary>
    public MessageChanges Messages { get; }

    /// <summary>Messages that answer others.</summary>
    internal Replies Replies { get; }

    /// <summary>Reactions to messages.</summary>
    public Reactions Reactions { get; }

    /// <summary>Who types.</summary>
    public Typing Typing { get; }

    /// <summary>Whom people ignore, and what they are told of.</summary>
    public PersonPreferences Preferences { get; }

    /// <summary>The origin of the entries that this process writes (<see cref="CommandId.Origin"/>).</summary>
    public string Origin => _commands.Origin;

    /// <summary>Identifies the log behind this chat.</summary>
    public string Epoch => _log.Epoch;

    /// <summary>Whether commands can be executed: the log has been replayed and accepts entries.</summary>
    public bool IsReady => _replay.IsDone && _log.IsAvailable;

    /// <summary>Whether the log accepts entries, as far as it knows.</summary>
    public bool IsLogAvailable => _log.IsAvailable;

    /// <inheritdoc cref="ChatQueries.RoomCount"/>
    public int RoomCount => _queries.RoomCount;

    /// <inheritdoc cref="ChatQueries.SessionCount"/>
    public int SessionCount => _queries.SessionCount;

    /// <inheritdoc cref="ChatQueries.OfflineCount"/>
    public int OfflineCount => _queries.OfflineCount;

    /// <inheritdoc cref="ChatQueries.MemberCount"/>
    public int MemberCount => _queries.MemberCount;

    /// <summary>Replays the log, restores the mailboxes, then follows the log. Completes when the chat has been restored.</summary>
    public async Task StartAsync(CancellationToken cancellationToken) =>
        _follower.Start(await _replay.RunAsync(cancellationToken, _follower.Stopping));

    /// <summary>
    /// Stops following the log, and saves a snapshot unless the log has ended. Commands that have no answer by then are refused with
    /// <see cref="Refusal.Stopping"/>.
    /// </summary>
    /// <param name="cancellationToken">
    /// Ignored, because the services stopped earlier may have used up its time. The room has its own share of
    /// <see cref="ChatOptions.StopTimeout"/>.
    /// </param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _commands.StopTaking();
        await _follower.CancelAsync();
        using var limit = new CancellationTokenSource(new StopBudget(_options.StopTimeout).ForRoom(_office.StoppingFor), _time);
        await _follower.EndedAsync(limit.Token);

        // Whether the loop has ended or ran out of time, every caller that waits for an answer gets one.
        _commands.RefuseUnanswered();
        if (_follower is { IsEnded: true, LogHasEnded: false } && _replay.IsDone)
            await _snapshots.SaveLastAsync(limit.Token);
    }

    public void Dispose()
    {
        _follower.Dispose();
        _troubles.Dispose();
    }

    /// <summary>
    /// Up to which sequence the log has been applied, and up to which the resulting mail has been delivered. The two differ while an entry
    /// is being processed; if they differ and do not change, the chat hangs. Null if the log is no longer followed.
    /// </summary>
    /// <remarks>Takes the state's lock, so it does not return while another thread holds that.</remarks>
    public (long Applied, long Delivered)? Progress()
    {
        if (_follower.IsEnded)
            return null;
        lock (_state.Gate)
            return (_state.Now.Sequence, _office.Head);
    }

    /// <summary>Begins a session.</summary>
    /// <returns>
    /// <see cref="JoinAccepted"/>, or refused for HostBanned, HostFull, NickInvalid or NickTaken, checked in this order, or for
    /// RateLimited, Unavailable or Stopping.
    /// </returns>
    public Task<JoinResult> JoinAsync(JoinRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _logins.JoinAsync(request);
    }

    /// <summary>
    /// Begins a session of a member. The caller has checked the password, or whatever else shows who it is. If the member has as many
    /// sessions as it may have, the one ends that has been offline for longest, or else the oldest.
    /// </summary>
    /// <returns>
    /// <see cref="JoinAccepted"/>, or refused for HostBanned, HostFull, NotMember, RateLimited, Unavailable or Stopping.
    /// </returns>
    internal Task<JoinResult> SignInAsync(SignInRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _logins.SignInAsync(request);
    }

    /// <summary>Why the person of a session cannot become a member; null if it can, as far as is known now.</summary>
    /// <returns>Refused for RegistrationClosed, AlreadyMember or TooManyMembers.</returns>
    internal Refused? RegistrationRefusal(SessionView session) =>
        session.IsMember ? new Refused(Refusal.AlreadyMember)
        : RegistrationRefusal() ?? (session.Home is null ? new Refused(Refusal.TooManyMembers) : null);

    /// <summary>Why nobody can become a member; null if somebody can, as far as is known now.</summary>
    /// <returns>Refused for RegistrationClosed or TooManyMembers.</returns>
    internal Refused? RegistrationRefusal() =>
        _options.Registration == RegistrationPolicy.Closed ? new Refused(Refusal.RegistrationClosed)
        : _queries.MemberCount >= _options.MaxMembers ? new Refused(Refusal.TooManyMembers)
        : null;

    /// <summary>Whether guests need an invitation to become members.</summary>
    internal bool NeedsInvitation => _options.Registration == RegistrationPolicy.Invite;

    /// <summary>Makes the person of a session a member, who owns the nick from now on.</summary>
    /// <returns>
    /// <see cref="Accepted"/>, or refused for BadSession, AlreadyMember, TooManyMembers, Unavailable or Stopping.
    /// </returns>
    internal Task<Outcome> RegisterAsync(SessionKey session) =>
        _queries.IsLive(session) ? _commands.ExecuteAsync(new Registered(session, _options.MaxMembers)) : Refuse(Refusal.BadSession);

    /// <summary>
    /// Records how far a member has read a conversation, either a room or the private messages with a user, and tells the member's other
    /// devices. Does nothing for a guest, or if it is known already.
    /// </summary>
    /// <returns>
    /// <see cref="Accepted"/>, or refused for BadSession, NotInRoom, NoSuchUser (neither or no possible one), Unavailable or Stopping.
    /// </returns>
    public Task<Outcome> MarkReadAsync(SessionKey session, string? room, string? with, long upTo)
    {
        if (Find(session) is not { } reader)
            return Refuse(Refusal.BadSession);
        if (room is not null ? !_queries.MayBeRoom(session, room) : with is null || !UserId.IsWellFormed(with))
            return Refuse(room is not null ? Refusal.NotInRoom : Refusal.NoSuchUser);
        return reader.IsMember
            ? _commands.ExecuteAsync(new MarkedRead(session, room, room is null ? with : null, upTo))
            : Task.FromResult<Outcome>(new Accepted(0));
    }

    /// <inheritdoc cref="ChatQueries.MarksOf"/>
    public IReadOnlyList<ReadMark> MarksOf(SessionKey session) => _queries.MarksOf(session);

    /// <summary>
    /// Why any login from an address would be refused now; null if it would not. For doors that can refuse before the client names its
    /// user.
    /// </summary>
    /// <param name="host">Canonical address (<see cref="HostAddress"/>).</param>
    /// <param name="coming">Logins from that address that are in progress.</param>
    /// <returns>Refused for HostBanned or HostFull.</returns>
    public Refused? HostRefusal(string host, int coming = 0)
    {
        ArgumentNullException.ThrowIfNull(host);
        return _logins.HostRefusal(host, coming);
    }

    /// <summary>
    /// Logs a session out. If it has already ended, this is refused without an entry, because anyone could fill the log that way.
    /// </summary>
    public Task<Outcome> LeaveAsync(SessionKey session) =>
        _queries.IsLive(session) ? _commands.ExecuteAsync(new Left(session, CloseReason.Left)) : Refuse(Refusal.BadSession);

    /// <summary>
    /// Takes an idle session's user offline. Ends the session if its user could not come back, or if idle sessions are not kept.
    /// </summary>
    /// <param name="servedSince">Where the session was when that was decided (<see cref="Left.ServedSince"/>).</param>
    internal Task<Outcome> EvictAsync(SessionKey session, long? servedSince = null) => _presence.GoOfflineAsync(session, servedSince);

    /// <summary>
    /// Says that nobody is at the device of a session, or that somebody is again. Others are told when nobody is at any of the user's
    /// devices. A session that goes offline is no longer away. Calls for one session are carried out one after another; of several that
    /// wait, the last decides.
    /// </summary>
    /// <param name="session">The session.</param>
    /// <param name="isAway">Whether nobody is there.</param>
    /// <param name="key">The client's idempotency key; null for none.</param>
    /// <returns>
    /// <see cref="Accepted"/>, also if nothing had to be changed; <see cref="Repeated"/>; or refused for BadSession, Unavailable (also
    /// while a node of an older version lives), or Stopping.
    /// </returns>
    public Task<Outcome> SetAwayAsync(SessionKey session, bool isAway, string? key = null) =>
        _presence.SetAwayAsync(session, isAway, key);

    /// <summary>Whether nobody is at the device of a session, as far as it has said so.</summary>
    public bool IsAway(SessionKey session) => _presence.IsAway(session);

    /// <summary>
    /// Whether the user of a session is offline, or is about to be because the session has been found idle. Such a session cannot be read
    /// or used before <see cref="ReturnAsync"/>.
    /// </summary>
    public bool IsOffline(SessionKey session) => _presence.IsOffline(session);

    /// <summary>
    /// How an administrator removed a session, if its client could not read that in its mailbox; otherwise null. Only for whoever has the
    /// session's token.
    /// </summary>
    public Removal? RemovalOf(SessionKey session) => _presence.RemovalOf(session);

    /// <summary>
    /// Brings the user of a session back online, if it <see cref="IsOffline"/>. Calls at the same time are one command.
    /// </summary>
    /// <param name="session">The session.</param>
    /// <param name="gone">Ends the wait, but not the return.</param>
    /// <returns>Null if the session can be used, or has ended; otherwise refused for Unavailable or Stopping.</returns>
    public ValueTask<Refused?> ReturnAsync(SessionKey session, CancellationToken gone) => _presence.ReturnAsync(session, gone);

    /// <summary>Makes this node the one that serves a session, unless it has moved since.</summary>
    internal Task<Outcome> ServeAsync(SessionKey session, string node, long servedSince) =>
        _commands.ExecuteAsync(new Moved(session, node, servedSince));

    /// <summary>Enters a room, which is created for its first member.</summary>
    /// <param name="session">The session.</param>
    /// <param name="room">The room's name; the door has checked its length (<see cref="RoomName.IsValid"/> at the comet door).</param>
    /// <param name="quiet">Whether the session gets no joins and leaves of that room.</param>
    /// <param name="key">The client's idempotency key; null for none.</param>
    /// <param name="isPrivate">Whether to create a private room; refused if the room exists.</param>
    /// <returns>
    /// <see cref="RoomAccepted"/>, <see cref="Repeated"/>, or refused for BadSession, BadRoomName (<see cref="NameRule"/>,
    /// <see cref="AuthText"/>), LooksAlike, NameNotFree, AlreadyInRoom or TooManyRooms.
    /// </returns>
    public Task<Outcome> EnterAsync(SessionKey session, string room, bool quiet = false, string? key = null, bool isPrivate = false)
    {
        // An older node would not know that the room is private, or who owns it.
        bool hasOwners = _nodes.AllKnow(RoomModeration.Kind);
        if (isPrivate && !hasOwners)
            return Refuse(Refusal.Unavailable);

        // An existing room may be older than the rule.
        if (!CanFind(session, room) && (!NameRule.IsName(room, _options.MaxMarksPerLetter) || AuthText.LooksLikeAuth(room)))
            return Refuse(Refusal.BadRoomName);
        string look = Skeleton.Of(room);
        return LooksLikeLobby(room, look)
            ? Refuse(Refusal.LooksAlike)
            : _commands.ExecuteAsync(new EnteredRoom(session, room, quiet, _options.MaxRooms, _options.MaxRoomsPerSession)
            {
                Key = key,
                Look = look,
                Private = hasOwners ? isPrivate : null,
            });
    }

    /// <summary>
    /// Whether a name could be taken for the lobby's without being the same. The lobby is older than all entries, so the fold has no
    /// skeleton of its name.
    /// </summary>
    internal static bool LooksLikeLobby(string name, string look) => look == s_lobbyLook && !RoomName.Same(name, RoomName.Lobby);

    /// <summary>Leaves a room. Refused for BadSession, NotInRoom or HomeRoom; <see cref="Repeated"/> if the key was used before.</summary>
    public Task<Outcome> PartAsync(SessionKey session, string room, string? key = null) =>
        _queries.MayBeRoom(session, room) ? _commands.ExecuteAsync(new PartedRoom(session, room) { Key = key }) : Refuse(Refusal.NotInRoom);

    /// <summary>
    /// A client begins to read, for the first time or again, with the next mail. Unless the client works out itself which joins and leaves
    /// its lists contain (<paramref name="allJoins"/>), those from here until <see cref="ListAsync"/> count as shown by the list. Appends
    /// nothing.
    /// </summary>
    public Started StartReading(Mailbox box, bool allJoins = false)
    {
        ArgumentNullException.ThrowIfNull(box);
        return _lists.Start(box, allJoins);
    }

    /// <summary>
    /// The users in the lobby as of a sequence. The list contains the joins and leaves between <see cref="StartReading"/> and that
    /// sequence, so the mailbox does not give them to a reader that starts there. Appends nothing.
    /// </summary>
    /// <returns><see cref="PeopleListed"/>, or refused for BadSession.</returns>
    public Task<Outcome> ListAsync(Mailbox box, bool allJoins = false)
    {
        ArgumentNullException.ThrowIfNull(box);
        return _lists.ListAsync(box, allJoins);
    }

    /// <summary>
    /// Charges one message to the session's limits, for a door's own commands. Returns null, or <see cref="Refusal.RateLimited"/>, or
    /// <see cref="Refusal.BadSession"/> if the session has ended, because its commands would only fill the log.
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
        _commands.ExecuteAsync(new Said(session, room, text, action) { Key = key });

    /// <summary>Sends a private message.</summary>
    /// <param name="session">The sender.</param>
    /// <param name="to">The receiver's nick; empty if only <paramref name="toId"/> names the receiver.</param>
    /// <param name="toId">The receiver's user id; null if the message is for whichever user has the nick.</param>
    /// <param name="text">The message.</param>
    /// <param name="key">The client's idempotency key; null for none.</param>
    internal Task<Outcome> WhisperAsync(SessionKey session, string to, string? toId, string text, string? key) =>
        _commands.ExecuteAsync(new Whispered(session, SpellingOf(to), text) { Key = key, ToId = toId });

    /// <summary>
    /// Sends a notice to a session, as an entry. A long answer is charged to the session's limit of log bytes. If it is over that limit,
    /// the notice asks the user to try again later.
    /// </summary>
    internal Task<Outcome> TellAsync(SessionKey session, string text, string? html = null, string? key = null)
    {
        if (text.Length + (html?.Length ?? 0) > Admission.LongAnswer
            && Find(session) is { } reader
            && _admission.LogBytes(session, reader.Host, text + html) is { Wait: { } wait })
        {
            (text, html) = ($"The answer is too long at the moment. Please try again in {Math.Ceiling(wait.TotalSeconds)} seconds.", null);
        }

        return _commands.ExecuteAsync(new Told(session, text, html) { Key = key });
    }

    internal Task<Outcome> SetTopicAsync(SessionKey session, string room, string topic, string? key) =>
        _commands.ExecuteAsync(new TopicSet(session, room, topic) { Key = key });

    /// <summary>
    /// Whether a session without an open mailbox may get one: it may have logged in on another node, or its user may come back online.
    /// </summary>
    public bool MayArrive(SessionKey session) => IsUnknown(session) || _presence.IsOffline(session);

    /// <summary>
    /// Waits until this node has applied everything that was in the log when the call came, if it does not know the session. Waits at most
    /// for <see cref="ChatOptions.SessionWait"/>, and not at all if <see cref="ChatOptions.MaxSessionWaits"/> others wait. Does not
    /// throw; look for the session again afterwards. Returns false if the session is still unknown but may exist, because this node could
    /// not catch up.
    /// </summary>
    /// <param name="session">The session.</param>
    /// <param name="gone">Ends the wait.</param>
    public ValueTask<bool> ArriveAsync(SessionKey session, CancellationToken gone) =>
        IsUnknown(session) ? _arrivals.ArriveAsync(session, gone) : new ValueTask<bool>(true);

    /// <summary>
    /// Waits until this node has applied an entry that another one may have written, at most for <see cref="ChatOptions.HeadWait"/>.
    /// Returns whether it has applied it, or all that the log had when the call came: nobody waits for a number that no entry has yet.
    /// </summary>
    /// <param name="sequence">The entry's sequence, below <see cref="long.MaxValue"/>.</param>
    public ValueTask<bool> CatchUpAsync(long sequence) => _catchUp.CatchUpAsync(sequence);

    /// <inheritdoc cref="ChatQueries.Find"/>
    public SessionView? Find(SessionKey session) => _queries.Find(session);

    /// <inheritdoc cref="ChatQueries.SpellingOf"/>
    internal string SpellingOf(string nick) => _queries.SpellingOf(nick);

    /// <inheritdoc cref="ChatQueries.FindNick"/>
    public SessionView? FindNick(string nick) => _queries.FindNick(nick);

    /// <inheritdoc cref="ChatQueries.FindPerson"/>
    public (Person Who, bool IsMember)? FindPerson(string nick) => _queries.FindPerson(nick);

    /// <inheritdoc cref="ChatQueries.FindMember(string)"/>
    public Person? FindMember(string userId) => _queries.FindMember(userId);

    /// <inheritdoc cref="ChatQueries.IsPerson"/>
    internal bool IsPerson(string userId) => _queries.IsPerson(userId);

    /// <inheritdoc cref="ChatQueries.FindMember(string, DateTimeOffset)"/>
    internal Person? FindMember(string nick, DateTimeOffset at) => _queries.FindMember(nick, at);

    /// <inheritdoc cref="ChatQueries.SessionsOf"/>
    public IReadOnlyList<SessionView> SessionsOf(SessionKey session) => _queries.SessionsOf(session);

    /// <inheritdoc cref="ChatQueries.SessionsAt"/>
    public IReadOnlyList<SessionView> SessionsAt(string host) => _queries.SessionsAt(host);

    /// <inheritdoc cref="ChatQueries.SessionsAfter"/>
    public (IReadOnlyList<SessionView> Sessions, bool More) SessionsAfter(string after, string find, int limit) =>
        _queries.SessionsAfter(after, find, limit);

    /// <inheritdoc cref="ChatQueries.PeopleAsync(SessionKey, string)"/>
    public Task<PeopleListed?> PeopleAsync(SessionKey reader, string room) => _queries.PeopleAsync(reader, room);

    /// <inheritdoc cref="ChatQueries.FindRoom(SessionKey, string)"/>
    public RoomView? FindRoom(SessionKey reader, string room) => _queries.FindRoom(reader, room);

    /// <inheritdoc cref="ChatQueries.FindRoom(string)"/>
    public RoomView? FindRoom(string room) => _queries.FindRoom(room);

    /// <inheritdoc cref="ChatQueries.PeopleAsync(string)"/>
    public Task<PeopleListed?> PeopleAsync(string room) => _queries.PeopleAsync(room);

    /// <inheritdoc cref="ChatQueries.CanFind"/>
    public bool CanFind(SessionKey reader, string room) => _queries.CanFind(reader, room);

    /// <inheritdoc cref="ChatQueries.Admins"/>
    public IReadOnlyList<AdminView> Admins() => _queries.Admins();

    /// <inheritdoc cref="ChatQueries.TitlesOf"/>
    public IReadOnlyDictionary<string, string> TitlesOf(IEnumerable<string> rooms) => _queries.TitlesOf(rooms);

    /// <inheritdoc cref="ChatQueries.PinCountsOf"/>
    public IReadOnlyDictionary<string, int> PinCountsOf(IEnumerable<string> rooms) => _queries.PinCountsOf(rooms);

    /// <inheritdoc cref="ChatQueries.InvitationsOf"/>
    public IReadOnlyList<string> InvitationsOf(string userId) => _queries.InvitationsOf(userId);

    /// <inheritdoc cref="ChatQueries.DetailsOf"/>
    public RoomDetails? DetailsOf(SessionKey reader, string room) => _queries.DetailsOf(reader, room);

    /// <inheritdoc cref="ChatQueries.IsLink"/>
    internal bool IsLink(string hash) => _queries.IsLink(hash);

    /// <inheritdoc cref="ChatQueries.MayBeRoom"/>
    internal bool MayBeRoom(SessionKey session, string room) => _queries.MayBeRoom(session, room);

    /// <inheritdoc cref="ChatQueries.FindKeyed"/>
    internal Outcome? FindKeyed(SessionKey session, string key) => _queries.FindKeyed(session, key);

    /// <inheritdoc cref="ChatQueries.Rooms()"/>
    public IReadOnlyList<RoomView> Rooms() => _queries.Rooms();

    /// <inheritdoc cref="ChatQueries.Rooms(SessionKey)"/>
    public IReadOnlyList<RoomView> Rooms(SessionKey reader) => _queries.Rooms(reader);

    /// <inheritdoc cref="ChatQueries.ActiveBans"/>
    public IReadOnlyList<(Ban Ban, TimeSpan Left)> ActiveBans() => _queries.ActiveBans();

    /// <inheritdoc cref="ChatQueries.ActiveMutes"/>
    public IReadOnlyList<(Mute Mute, TimeSpan Left)> ActiveMutes() => _queries.ActiveMutes();

    /// <inheritdoc cref="ChatQueries.AppointedAdministrators"/>
    public IReadOnlyList<(Person Who, bool IsOnline)> AppointedAdministrators() => _queries.AppointedAdministrators();

    /// <inheritdoc cref="ChatQueries.Acts"/>
    public IReadOnlyList<Act> Acts() => _queries.Acts();

    /// <inheritdoc cref="ChatQueries.HistoryAsync"/>
    public ValueTask<MailPage?> HistoryAsync(
        SessionKey session, string room, PageStart start, PageSize size, CancellationToken cancellationToken) =>
        _queries.HistoryAsync(session, room, start, size, cancellationToken);

    /// <inheritdoc cref="ChatQueries.HistoryAroundAsync"/>
    public ValueTask<MailPage?> HistoryAroundAsync(
        SessionKey session, string room, long message, PageSize size, CancellationToken cancellationToken) =>
        _queries.HistoryAroundAsync(session, room, message, size, cancellationToken);

    /// <inheritdoc cref="ChatQueries.PinsAsync"/>
    public ValueTask<MailPage?> PinsAsync(SessionKey session, string room, CancellationToken cancellationToken) =>
        _queries.PinsAsync(session, room, cancellationToken);

    /// <inheritdoc cref="ChatQueries.MessageAsync"/>
    public ValueTask<MailPage?> MessageAsync(SessionKey session, long sequence, CancellationToken cancellationToken) =>
        _queries.MessageAsync(session, sequence, cancellationToken);

    /// <inheritdoc cref="ChatQueries.PrivateHistoryAsync"/>
    public ValueTask<MailPage?> PrivateHistoryAsync(
        SessionKey session, Correspondent with, PageStart start, PageSize size, CancellationToken cancellationToken) =>
        _queries.PrivateHistoryAsync(session, with, start, size, cancellationToken);

    /// <inheritdoc cref="ChatQueries.PrivateHistoryAroundAsync"/>
    public ValueTask<MailPage?> PrivateHistoryAroundAsync(
        SessionKey session, Correspondent with, long message, PageSize size, CancellationToken cancellationToken) =>
        _queries.PrivateHistoryAroundAsync(session, with, message, size, cancellationToken);

    /// <inheritdoc cref="ChatQueries.SearchAsync"/>
    public ValueTask<MailPage?> SearchAsync(
        SessionKey session, SearchQuery query, string? room, long before, PageSize size, CancellationToken cancellationToken) =>
        _queries.SearchAsync(session, query, room, before, size, cancellationToken);

    /// <inheritdoc cref="ChatQueries.SearchPrivateAsync"/>
    public ValueTask<MailPage?> SearchPrivateAsync(
        SessionKey session, SearchQuery query, Correspondent with, long before, PageSize size, CancellationToken cancellationToken) =>
        _queries.SearchPrivateAsync(session, query, with, before, size, cancellationToken);

    /// <summary>Whether this node has never heard of a session. It may know of its end, although the mailbox is gone.</summary>
    private bool IsUnknown(SessionKey session) => _arrivals.MayArrive(session) && _presence.RemovalOf(session) is null;

    private static Task<Outcome> Refuse(Refusal why) => Task.FromResult<Outcome>(new Refused(why));
}
