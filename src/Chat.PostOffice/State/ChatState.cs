using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>
/// The fold of the log: who is logged in, in which rooms, and with what rights. Only <see cref="Apply"/> changes it. It is deterministic
/// – no clock, no randomness, no configuration, no I/O, no dependence on hash order – so the same log gives the same state on another
/// node and after a restart.
/// </summary>
/// <remarks>Not thread-safe: <see cref="GuardedState"/> has the lock.</remarks>
internal sealed partial class ChatState
{
    /// <summary>
    /// How many process runs are remembered for recognising repeated entries. Older runs cannot have commands in progress.
    /// </summary>
    private const int MaxOrigins = 64;

    /// <summary>How many names of nodes are shared between sessions.</summary>
    private const int MaxNodeNames = 64;

    private readonly Dictionary<SessionKey, Session> _sessions = [];
    private readonly Dictionary<string, PersonState> _nicks = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The people whose nick is not ASCII, by what is the same in all its spellings (<see cref="Nick.KeyOf"/>).</summary>
    private readonly Dictionary<string, PersonState> _nickKeys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PersonState> _userIds = new(StringComparer.Ordinal);
    private readonly HashSet<SessionKey> _memberKeys = [];
    private readonly HostCounts _hosts = new();
    private readonly Dictionary<string, Room> _rooms = new(StringComparer.OrdinalIgnoreCase);
    private readonly OfflineSessions _offline = new();
    private readonly DesertedRooms _deserted = new();
    private readonly HashSet<string> _nodeNames = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Room> _roomLooks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Counter, long Sequence)> _origins = new(StringComparer.Ordinal);
    private readonly Standings _standings = new();
    private readonly SealedHistories _sealed = new();
    private List<Posting> _postings = [];

    internal ChatState() => _rooms.Add(RoomName.Lobby, new Room(RoomName.Lobby));

    /// <summary>The sequence of the last entry applied.</summary>
    internal long Sequence { get; private set; }

    /// <summary>All sessions, whether they are online or not.</summary>
    internal IReadOnlyDictionary<SessionKey, Session> Sessions => _sessions;

    /// <summary>How many sessions are online.</summary>
    internal int Online => _sessions.Count - _offline.Count;

    internal IReadOnlyDictionary<string, Room> Rooms => _rooms;

    /// <summary>The skeletons of the names in use.</summary>
    internal Looks Looks { get; } = new();

    /// <summary>
    /// Applies the next entry of the log. Adds the resulting mail to <paramref name="postings"/>. Returns the command's outcome; null if
    /// the entry is unreadable or was applied before.
    /// </summary>
    internal Outcome? Apply(long sequence, Entry entry, List<Posting> postings)
    {
        Sequence = sequence;
        if (entry is Unreadable)
            return null;
        if (!IsNew(entry.Id, sequence))
            return null;
        _postings = postings;
        return entry switch
        {
            Joined joined => On(joined),
            SignedIn signedIn => On(signedIn),
            OperatorAppointed appointed => On(appointed),
            SessionEntry command => ApplyOnce(command),
            ForgotAddresses forgot => On(forgot),
            _ => throw new System.Diagnostics.UnreachableException($"No rule for {entry.GetType().Name}."),
        };
    }

    /// <summary>Whether the time of an offline session is over. The next login ends it.</summary>
    internal bool HasExpired(DateTimeOffset now) => _offline.Expired(now) is not null;

    /// <summary>Everyone who has a nick: guests, and members whether they have sessions or not. In no particular order.</summary>
    internal IReadOnlyCollection<PersonState> People => _userIds.Values;

    /// <summary>How many members there are, here or not.</summary>
    internal int MemberCount => _memberKeys.Count;

    /// <summary>The person with a nick, ignoring case, here or not; null if there is none.</summary>
    internal PersonState? FindNick(string nick) => _nicks.GetValueOrDefault(nick);

    /// <summary>
    /// The person whose nick is the same as this one, here or not, even if it is spelled in another way than by case: <c>Straße</c> for
    /// <c>STRASSE</c>. Null if there is none.
    /// </summary>
    internal PersonState? FindOwner(string nick)
    {
        if (_nicks.TryGetValue(nick, out PersonState? owner))
            return owner;
        string key = Nick.KeyOf(nick);
        return _nicks.GetValueOrDefault(key) ?? _nickKeys.GetValueOrDefault(key);
    }

    /// <summary>The person with a user id, here or not; null if there is none.</summary>
    internal PersonState? FindPerson(string userId) => _userIds.GetValueOrDefault(userId);

    /// <summary>How many online sessions an address has.</summary>
    internal int SessionsOf(string host) => _hosts.Of(host);

    private bool IsNew(CommandId id, long sequence)
    {
        if (_origins.TryGetValue(id.Origin, out (long Counter, long Sequence) last) && id.Counter <= last.Counter)
            return false;
        _origins[id.Origin] = (id.Counter, sequence);
        if (_origins.Count > MaxOrigins)
            _origins.Remove(_origins.MinBy(origin => origin.Value.Sequence).Key);
        return true;
    }

    /// <summary>Applies a command of a live session. If its idempotency key was used before, only returns the first outcome.</summary>
    private Outcome ApplyOnce(SessionEntry entry)
    {
        if (!_sessions.TryGetValue(entry.Session, out Session? session))
            return new Refused(Refusal.BadSession);
        if (entry.Key is not null && session.Keyed.Find(entry.Key, entry.At) is { } first)
            return new Repeated(first);

        // Doors bring a user back before they give a command. If the user went offline in between, the command can be repeated.
        if (!session.IsOnline && entry is not (CameOnline or WentOffline or Left or Moved))
            return new Refused(Refusal.Unavailable);
        Outcome outcome = On(entry, session);

        // Without the members of the room: they would be kept for each key, and be outdated when the key is used again.
        if (entry.Key is not null)
            session.Keyed.Add(entry.Key, entry.At, outcome is RoomAccepted entered ? new Accepted(entered.Sequence) : outcome);
        return outcome;
    }

    private Outcome On(SessionEntry entry, Session session) => entry switch
    {
        Said said => On(said, session),
        Whispered whispered => On(whispered, session),
        Told told => On(told),
        EnteredRoom entered => On(entered, session),
        PartedRoom parted => On(parted, session),
        TopicSet topic => On(topic, session),
        Listed listed => On(listed),
        Left left => On(left, session),
        Moved moved => On(moved, session),
        WentOffline went => On(went, session),
        CameOnline came => On(came, session),
        AdminGranted => SetAdmin(session, entry, true),
        AdminRevoked => SetAdmin(session, entry, false),
        AdminAppointed appointed => On(appointed, session),
        Kicked kicked => On(kicked, session),
        Banned banned => On(banned, session),
        PersonBanned banned => On(banned, session),
        Unbanned unbanned => On(unbanned, session),
        Muted muted => On(muted, session),
        PersonMuted muted => On(muted, session),
        Announced announced => On(announced, session),
        Registered registered => On(registered, session),
        MarkedRead read => On(read, session),
        RoomChanged changed => On(changed, session),
        RoomInvited invited => On(invited, session),
        RoomRoleChanged role => On(role, session),
        RoomKicked kicked => On(kicked, session),
        RoomLinkMade made => On(made, session),
        RoomLinkRevoked revoked => On(revoked, session),
        RoomLinkUsed used => On(used, session),
        PersonIgnored ignored => On(ignored, session),
        PreferencesSet set => On(set, session),
        MessageEdited edited => On(edited, session),
        MessageDeleted deleted => On(deleted, session),
        Erased erased => On(erased, session),
        _ => throw new System.Diagnostics.UnreachableException($"No rule for {entry.GetType().Name}."),
    };

    private Accepted Done() => new(Sequence);

    private void Active(Session session, Entry entry)
    {
        session.Person.LastActive = Sequence;
        session.Person.LastActiveAt = entry.At;
    }

    /// <summary>Sends mail to every session of a person that is online.</summary>
    private void Tell(PersonState person, MailContent content)
    {
        foreach (Session session in person.Sessions)
        {
            if (session.IsOnline)
                _postings.Add(new Posting.ToSession(session.Key, content));
        }
    }
}
