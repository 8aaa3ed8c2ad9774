using ErlChat.Appending;
using ErlChat.Delivery;
using ErlChat.Following;
using ErlChat.Health;
using ErlChat.History;
using ErlChat.Limits;
using ErlChat.Log;
using ErlChat.Mailboxes;
using ErlChat.Names;
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
/// step is a part of its own; this class puts the parts together, starts them and stops them.
/// </summary>
/// <remarks>
/// <para>
/// The parts: <see cref="CommandQueue"/> takes commands and appends their entries; <see cref="LogFollower"/> follows the log, and
/// <see cref="EntryApplier"/> applies each entry to the <see cref="GuardedState"/>; <see cref="MailDelivery"/> delivers the resulting
/// mail; <see cref="LogReplay"/> and <see cref="SnapshotSaver"/> carry the chat across a restart; <see cref="ChatQueries"/> answers
/// questions.
/// </para>
/// <para>
/// Thread-safe; no command throws for what a user did. One lock guards the state; it is never held while mail is delivered. Lock order:
/// the state's, then a mailbox's.
/// </para>
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
        Conditions? conditions = null)
    {
        ArgumentNullException.ThrowIfNull(office);
        ArgumentNullException.ThrowIfNull(options);
        (_log, _office, _options, _time, _admission) = (log, office, options.Value, time, admission);
        _troubles = new RingTroubles(time, logger);
        office.ReaderFailed = _troubles.ReaderFailed;
        if (conditions is not null)
            _troubles.AddTo(conditions);
        _commands = new CommandQueue(log, time, _troubles, metrics);
        var delivery = new MailDelivery(office, history, _troubles);
        var applier = new EntryApplier(_state, delivery, office, _commands, _troubles);
        ISnapshotStore store = snapshots ?? NoSnapshots.Instance;
        _snapshots = new SnapshotSaver(_state, store, _troubles);
        _replay = new LogReplay(log, store, _state, applier, _snapshots, delivery, office, logger);
        _follower = new LogFollower(log, _state, applier, _snapshots, time, _troubles);
        _queries = new ChatQueries(_state, history, time);
        _logins = new Logins(_state, _commands, admission, _options, time);
        _lists = new LobbyLists(_queries, office);
        Administration = new Administration(this, _commands, passwords, admission, new TextRule(_options), time);
    }

    /// <summary>What administrators do.</summary>
    public Administration Administration { get; }

    /// <summary>The identity of the log behind this chat.</summary>
    public string Epoch => _log.Epoch;

    /// <summary>Whether commands can be carried out: the log is replayed, and takes entries.</summary>
    public bool IsReady => _replay.IsDone && _log.IsAvailable;

    /// <summary>Whether the log takes entries, as far as it knows.</summary>
    public bool IsLogAvailable => _log.IsAvailable;

    /// <inheritdoc cref="ChatQueries.RoomCount"/>
    public int RoomCount => _queries.RoomCount;

    /// <inheritdoc cref="ChatQueries.SessionCount"/>
    public int SessionCount => _queries.SessionCount;

    /// <summary>
    /// Folds what the log has, restores the mailboxes, then goes on reading the log. Completes when the chat is as it was.
    /// </summary>
    public async Task StartAsync(CancellationToken cancellationToken) =>
        _follower.Start(await _replay.RunAsync(cancellationToken, _follower.Stopping));

    /// <summary>
    /// Stops reading the log, and leaves a snapshot behind. Commands that have no answer by then are refused as
    /// <see cref="Refusal.Stopping"/>.
    /// </summary>
    /// <param name="cancellationToken">Not looked at: what stopped before may have used up its time. The room has a share of
    /// <see cref="ChatOptions.StopTimeout"/> of its own.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _commands.StopTaking();
        await _follower.CancelAsync();
        using var limit = new CancellationTokenSource(new StopBudget(_options.StopTimeout).ForRoom(_office.StoppingFor), _time);
        await _follower.EndedAsync(limit.Token);

        // However the reading ended, or did not in time: whoever waits for an answer gets one.
        _commands.RefuseUnanswered();
        if (_follower.IsEnded && _replay.IsDone)
            await _snapshots.SaveLastAsync(limit.Token);
    }

    public void Dispose()
    {
        _follower.Dispose();
        _troubles.Dispose();
    }

    /// <summary>
    /// How far the log has been applied, and how far what follows from it has been delivered. The two differ for as long as an entry takes;
    /// a chat in which they differ and stay as they are stands still. Null when the log is not read any more.
    /// </summary>
    /// <remarks>Takes the state's lock, so it does not return while somebody holds that.</remarks>
    public (long Applied, long Delivered)? Progress()
    {
        if (_follower.IsEnded)
            return null;
        lock (_state.Gate)
            return (_state.Now.Sequence, _office.Head);
    }

    /// <summary>Begins a session.</summary>
    /// <returns>
    /// <see cref="JoinAccepted"/>, or refused for HostBanned, HostFull, NickInvalid or NickTaken, checked in this order, or RateLimited,
    /// or Unavailable.
    /// </returns>
    public Task<JoinResult> JoinAsync(JoinRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _logins.JoinAsync(request);
    }

    /// <summary>
    /// Why a login from a host would be refused at this moment, whoever it is; null when it would not. For doors that can tell before
    /// they ask who comes.
    /// </summary>
    /// <param name="host">The address, canonical (<see cref="HostAddress"/>).</param>
    /// <param name="coming">Logins from that host which are under way.</param>
    /// <returns>Refused for HostBanned or HostFull.</returns>
    public Refused? HostRefusal(string host, int coming = 0)
    {
        ArgumentNullException.ThrowIfNull(host);
        return _logins.HostRefusal(host, coming);
    }

    /// <summary>
    /// Ends a session on its own wish. One that has ended is refused before the log: anybody could fill that with such words.
    /// </summary>
    public Task<Outcome> LeaveAsync(SessionKey session) =>
        _queries.IsLive(session) ? _commands.ExecuteAsync(new Left(session, CloseReason.Left)) : Refuse(Refusal.BadSession);

    /// <summary>Ends a session whose mailbox was closed for idleness.</summary>
    internal Task<Outcome> EvictAsync(SessionKey session) => _commands.ExecuteAsync(new Left(session, CloseReason.Timeout));

    /// <summary>Enters a room, which begins to exist with its first member.</summary>
    /// <param name="session">Who.</param>
    /// <param name="room">The room's name; the door has checked its length (<see cref="RoomName.IsValid"/> at the comet door).</param>
    /// <param name="quiet">Whether the session is not to be told who comes and goes there.</param>
    /// <param name="key">The client's idempotency key; null for none.</param>
    /// <returns>
    /// <see cref="RoomAccepted"/>, <see cref="Repeated"/>, or refused for BadSession, BadRoomName (<see cref="NameRule"/>,
    /// <see cref="AuthText"/>), LooksAlike, AlreadyInRoom or TooManyRooms.
    /// </returns>
    public Task<Outcome> EnterAsync(SessionKey session, string room, bool quiet = false, string? key = null)
    {
        // A room that exists may be older than the rule.
        if (FindRoom(room) is null && (!NameRule.IsName(room, _options.MaxMarksPerLetter) || AuthText.LooksLikeAuth(room)))
            return Refuse(Refusal.BadRoomName);
        string look = Skeleton.Of(room);
        return look == s_lobbyLook && !RoomName.Same(room, RoomName.Lobby)
            ? Refuse(Refusal.LooksAlike)
            : _commands.ExecuteAsync(new EnteredRoom(session, room, quiet, _options.MaxRooms, _options.MaxRoomsPerSession)
            {
                Key = key,
                Look = look,
            });
    }

    /// <summary>
    /// Leaves a room. Refused for BadSession, NotInRoom or HomeRoom; <see cref="Repeated"/> when the key was used before.
    /// </summary>
    public Task<Outcome> PartAsync(SessionKey session, string room, string? key = null) =>
        _queries.MayBeRoom(room) ? _commands.ExecuteAsync(new PartedRoom(session, room) { Key = key }) : Refuse(Refusal.NotInRoom);

    /// <summary>
    /// A client begins (again) to read, from what comes next on. Opens the snapshot that <see cref="ListAsync"/> closes, unless the client
    /// sorts out by itself which joins and leaves its lists have (<paramref name="allJoins"/>). Writes nothing.
    /// </summary>
    public Started StartReading(Mailbox box, bool allJoins = false)
    {
        ArgumentNullException.ThrowIfNull(box);
        return _lists.Start(box, allJoins);
    }

    /// <summary>
    /// The people of the lobby: a snapshot at a sequence. Joins and leaves between <see cref="StartReading"/> and that sequence are on the
    /// list, and not told again to a reader who starts from there; its mailbox remembers that. Writes nothing.
    /// </summary>
    /// <returns><see cref="PeopleListed"/>, or refused for BadSession.</returns>
    public Task<Outcome> ListAsync(Mailbox box, bool allJoins = false)
    {
        ArgumentNullException.ThrowIfNull(box);
        return _lists.ListAsync(box, allJoins);
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
        _commands.ExecuteAsync(new Said(session, room, text, action) { Key = key });

    /// <param name="to">A nick; empty when <paramref name="toId"/> says it all.</param>
    /// <param name="toId">The user id of who is meant; null for whoever has the nick.</param>
    internal Task<Outcome> WhisperAsync(SessionKey session, string to, string? toId, string text, string? key) =>
        _commands.ExecuteAsync(new Whispered(session, to, text) { Key = key, ToId = toId });

    /// <summary>
    /// Tells a session something, as an entry. A long answer costs it bytes of the log; without any left it is told to ask later.
    /// </summary>
    internal Task<Outcome> TellAsync(SessionKey session, string text, string? html = null, string? key = null)
    {
        if (text.Length + (html?.Length ?? 0) > Admission.EntryBytes * 4
            && Find(session) is { } reader
            && _admission.LogBytes(session, reader.Host, text + html) is { Wait: { } wait })
        {
            (text, html) = ($"The answer is too long at the moment. Please try again in {Math.Ceiling(wait.TotalSeconds)} seconds.", null);
        }

        return _commands.ExecuteAsync(new Told(session, text, html) { Key = key });
    }

    internal Task<Outcome> SetTopicAsync(SessionKey session, string room, string topic, string? key) =>
        _commands.ExecuteAsync(new TopicSet(session, room, topic) { Key = key });

    /// <inheritdoc cref="ChatQueries.Find"/>
    public SessionView? Find(SessionKey session) => _queries.Find(session);

    /// <inheritdoc cref="ChatQueries.FindNick"/>
    public SessionView? FindNick(string nick) => _queries.FindNick(nick);

    /// <inheritdoc cref="ChatQueries.SessionsAt"/>
    public IReadOnlyList<SessionView> SessionsAt(string host) => _queries.SessionsAt(host);

    /// <inheritdoc cref="ChatQueries.SessionsAfter"/>
    public (IReadOnlyList<SessionView> Sessions, bool More) SessionsAfter(string after, string find, int limit) =>
        _queries.SessionsAfter(after, find, limit);

    /// <inheritdoc cref="ChatQueries.PeopleAsync"/>
    public Task<PeopleListed?> PeopleAsync(string room) => _queries.PeopleAsync(room);

    /// <inheritdoc cref="ChatQueries.FindRoom"/>
    public RoomView? FindRoom(string room) => _queries.FindRoom(room);

    /// <inheritdoc cref="ChatQueries.MayBeRoom"/>
    internal bool MayBeRoom(string room) => _queries.MayBeRoom(room);

    /// <inheritdoc cref="ChatQueries.FindKeyed"/>
    internal Outcome? FindKeyed(SessionKey session, string key) => _queries.FindKeyed(session, key);

    /// <inheritdoc cref="ChatQueries.Rooms"/>
    public IReadOnlyList<RoomView> Rooms() => _queries.Rooms();

    /// <inheritdoc cref="ChatQueries.ActiveBans"/>
    public IReadOnlyList<(Ban Ban, TimeSpan Left)> ActiveBans() => _queries.ActiveBans();

    /// <inheritdoc cref="ChatQueries.ActiveMutes"/>
    public IReadOnlyList<(Mute Mute, TimeSpan Left)> ActiveMutes() => _queries.ActiveMutes();

    /// <inheritdoc cref="ChatQueries.HistoryAsync"/>
    public ValueTask<MailPage?> HistoryAsync(
        SessionKey session, string room, long before, PageSize size, CancellationToken cancellationToken) =>
        _queries.HistoryAsync(session, room, before, size, cancellationToken);

    /// <inheritdoc cref="ChatQueries.PrivateHistoryAsync"/>
    public ValueTask<MailPage?> PrivateHistoryAsync(
        SessionKey session, Correspondent with, long before, PageSize size, CancellationToken cancellationToken) =>
        _queries.PrivateHistoryAsync(session, with, before, size, cancellationToken);

    /// <inheritdoc cref="ChatQueries.SearchAsync"/>
    public ValueTask<MailPage?> SearchAsync(
        SessionKey session, SearchQuery query, string? room, long before, PageSize size, CancellationToken cancellationToken) =>
        _queries.SearchAsync(session, query, room, before, size, cancellationToken);

    private static Task<Outcome> Refuse(Refusal why) => Task.FromResult<Outcome>(new Refused(why));
}
