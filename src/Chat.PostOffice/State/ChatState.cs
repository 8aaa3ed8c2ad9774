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

    /// <summary>The nicks that are not ASCII, by what is the same in all spellings of each (<see cref="Nick.KeyOf"/>).</summary>
    private readonly Dictionary<string, string> _nickKeys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PersonState> _userIds = new(StringComparer.Ordinal);
    private readonly HashSet<PersonState> _admins = [];
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

    internal ChatState()
    {
        Sessions = new SessionTable(_sessions, _packed);
        Looks = new Looks(_packed);
        _rooms.Add(RoomName.Lobby, new Room(RoomName.Lobby));
    }

    /// <summary>The sequence of the last entry applied.</summary>
    internal long Sequence { get; private set; }

    /// <summary>All sessions, whether they are online or not.</summary>
    internal IReadOnlyDictionary<SessionKey, Session> Sessions { get; }

    /// <summary>How many sessions are online.</summary>
    internal int Online => Sessions.Count - _offline.Count;

    /// <summary>All rooms by address. To find one by what a user calls it, use <see cref="FindRoom(string)"/>.</summary>
    internal IReadOnlyDictionary<string, Room> Rooms => _rooms;

    /// <summary>The skeletons of the names in use.</summary>
    internal Looks Looks { get; }

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
        Outcome outcome = entry switch
        {
            Joined joined => On(joined),
            SignedIn signedIn => On(signedIn),
            OperatorAppointed appointed => On(appointed),
            SessionEntry command => ApplyOnce(command),
            Reacted reacted => On(reacted),
            ForgotAddresses forgot => On(forgot),
            _ => throw new System.Diagnostics.UnreachableException($"No rule for {entry.GetType().Name}."),
        };
        if (_packable.Count > 0)
            Pack();
        return outcome;
    }

    /// <summary>Whether the time of an offline session is over. The next login ends it.</summary>
    internal bool HasExpired(DateTimeOffset now) => _offline.Expired(now) is not null;

    /// <summary>
    /// Everyone who has a nick and is not packed: guests, and members whether they have sessions or not. In no particular order.
    /// </summary>
    internal IEnumerable<PersonState> Unpacked => _userIds.Values;

    /// <summary>How many members there are, here or not.</summary>
    internal int MemberCount => _memberKeys.Count;

    /// <summary>The person with a nick, ignoring case, here or not; null if there is none.</summary>
    internal PersonState? FindNick(string nick) => _nicks.GetValueOrDefault(nick) ?? CopyOf(_packed.FindNick(nick));

    /// <summary>
    /// The person whose nick is the same as this one, here or not, even if it is spelled in another way than by case: <c>Straße</c> for
    /// <c>STRASSE</c>. Null if there is none.
    /// </summary>
    internal PersonState? FindOwner(string nick)
    {
        if (FindNick(nick) is { } owner)
            return owner;
        string key = Nick.KeyOf(nick);
        return FindNick(_nickKeys.GetValueOrDefault(key, key));
    }

    /// <summary>The person with a user id, here or not; null if there is none.</summary>
    internal PersonState? FindPerson(string userId) => _userIds.GetValueOrDefault(userId) ?? CopyOf(_packed.FindPerson(userId));

    /// <summary>How many online sessions an address has.</summary>
    internal int SessionsOf(string host) => _hosts.Of(host);

    private static PersonState? CopyOf(PackedGuest? guest) => guest?.Unpack().Session.Person;

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
        if (Live(entry.Session) is not { } session)
            return new Refused(Refusal.BadSession);
        if (entry.Key is not null && session.Keyed?.Find(entry.Key, entry.At) is { } first)
            return new Repeated(first);

        // Doors bring a user back before they give a command. If the user went offline in between, the command can be repeated.
        if (!session.IsOnline && entry is not (CameOnline or WentOffline or Left or Moved))
            return new Refused(Refusal.Unavailable);
        Outcome outcome = On(entry, session);

        // Without the members of the room: they would be kept for each key, and be outdated when the key is used again.
        if (entry.Key is not null)
            session.Remember(entry.Key, entry.At, outcome is RoomAccepted entered ? new Accepted(entered.Sequence) : outcome);
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
        RoomRenamed renamed => On(renamed, session),
        RoomLinkMade made => On(made, session),
        RoomLinkRevoked revoked => On(revoked, session),
        RoomLinkUsed used => On(used, session),
        PersonIgnored ignored => On(ignored, session),
        PreferencesSet set => On(set, session),
        AwayChanged away => On(away, session),
        MessageEdited edited => On(edited, session),
        MessageDeleted deleted => On(deleted, session),
        MessagePinned pinned => On(pinned, session),
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
