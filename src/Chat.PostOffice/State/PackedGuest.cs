using System.Text;
using ErlChat.Names;
using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>
/// A guest who is offline, in about a fifth of the memory that the guest needs while here: its session, its person and its memberships in
/// one array of bytes. Immutable. <see cref="Unpack"/> creates copies of what was packed.
/// </summary>
/// <remarks>
/// Reading a field means reading all that are before it, so those that are looked for come first. Texts are UTF-8, and what is usual takes
/// no more than a flag.
/// </remarks>
internal sealed class PackedGuest : IOfflineSession
{
    private readonly byte[] _fields;
    private readonly long _since;
    private readonly long _offlineUntil;

    private PackedGuest(Session session, byte[] fields)
    {
        Key = session.Key;
        OfflineSince = session.OfflineSince;
        _since = session.Since.UtcTicks;
        _offlineUntil = session.OfflineUntil.UtcTicks;
        _fields = fields;
    }

    [Flags]
    private enum Flags : byte
    {
        None = 0,
        HasName = 1,
        HasLook = 2,
        LooksLikeNick = 4,
        IsHostForgotten = 8,
        IsKept = 16,
        IsServed = 32,
        HasHome = 64,
    }

    /// <summary>The key of its session, and of its person.</summary>
    internal SessionKey Key { get; }

    public long OfflineSince { get; }

    public DateTimeOffset OfflineUntil => new(_offlineUntil, TimeSpan.Zero);

    /// <inheritdoc cref="Session.Since"/>
    private DateTimeOffset Since => new(_since, TimeSpan.Zero);

    internal string Nick
    {
        get
        {
            Begin(out PackedReader fields);
            return fields.Text();
        }
    }

    public string Host
    {
        get
        {
            Flags flags = Begin(out PackedReader fields);
            fields.SkipText();
            return ReadHost(ref fields, flags);
        }
    }

    internal string UserId
    {
        get
        {
            Flags flags = Begin(out PackedReader fields);
            fields.SkipText();
            if (!flags.HasFlag(Flags.IsHostForgotten))
                fields.SkipText();
            return fields.Id();
        }
    }

    /// <inheritdoc cref="PersonState.NickLook"/>
    internal string? NickLook
    {
        get
        {
            Flags flags = Begin(out PackedReader fields);
            ReadWho(ref fields, flags, out _, out string? look);
            return look;
        }
    }

    /// <summary>Packs a session, its person and that person's memberships; null if there is more to know about them than fits.</summary>
    /// <param name="memberships">In the order of the person's rooms.</param>
    internal static PackedGuest? Pack(Session session, IReadOnlyList<Membership> memberships)
    {
        PersonState person = session.Person;
        bool isPlain =
            session is { IsOnline: false, Began: 0, Keyed: null or { IsEmpty: true } }
            && person is
            {
                IsMember: false, IsAdmin: false, IsAppointed: false, Marks: null, NameLook: null, Home: { } home,
                Sessions.Count: 1, Preferences: null or { IsDefault: true },
            }
            && person.OfflineSince == session.OfflineSince && person.MutedUntil == default && person.Key == session.Key
            && RoomName.Same(home, RoomName.Lobby);
        try
        {
            return isPlain ? new PackedGuest(session, Write(session, memberships)) : null;
        }
        catch (EncoderFallbackException)
        {
            // No door lets such a name in, but the fold must not depend on that.
            return null;
        }
    }

    /// <summary>A copy of the session and of the person, and of the person's memberships in the order of its rooms.</summary>
    internal (Session Session, Membership[] Memberships) Unpack()
    {
        Flags flags = Begin(out PackedReader fields);
        Person who = ReadWho(ref fields, flags, out string host, out string? look);
        string home = flags.HasFlag(Flags.HasHome) ? fields.Text() : RoomName.Lobby;
        long active = fields.Number();
        DateTimeOffset activeAt = Since.AddTicks(fields.Number());
        var person = new PersonState(Key, who, home)
        {
            NickLook = look,
            OfflineSince = OfflineSince,
            LastActive = active,
            LastActiveAt = activeAt,
        };
        var session = new Session(Key, person, host, Since)
        {
            IsKept = flags.HasFlag(Flags.IsKept),
            OnlineSince = fields.Number(),
            OfflineSince = OfflineSince,
            OfflineUntil = OfflineUntil,
            Serving = flags.HasFlag(Flags.IsServed) ? new ServingNode(fields.Text(), fields.Number()) : null,
        };
        person.Add(session);
        var memberships = new Membership[fields.Number()];
        for (int i = 0; i < memberships.Length; i++)
        {
            string room = fields.Text();
            person.Rooms.Add(room.Length == 0 ? RoomName.Lobby : room);
            memberships[i] = new Membership(person, active - fields.Number(), fields.Byte() == 1);
        }

        return (session, memberships);
    }

    /// <summary>The sequence of the entry with which it entered a room that it is in.</summary>
    internal long SinceIn(string room)
    {
        (Session session, Membership[] memberships) = Unpack();
        return memberships[session.Person.Rooms.FindIndex(one => RoomName.Same(one, room))].Since;
    }

    /// <summary>Whether its address is known, and it logged in before a time.</summary>
    internal bool HasAddressBefore(DateTimeOffset before) => Since < before && !Begin(out _).HasFlag(Flags.IsHostForgotten);

    private static byte[] Write(Session session, IReadOnlyList<Membership> memberships)
    {
        PersonState person = session.Person;
        Person who = person.Who;
        Flags flags = Flags.None;
        Set(Flags.HasName, who.Name != who.Nick);
        Set(Flags.HasLook, person.NickLook is not null);
        Set(Flags.LooksLikeNick, person.NickLook == who.Nick);
        Set(Flags.IsHostForgotten, session.Host == HostAddress.Forgotten(session.Key));
        Set(Flags.IsKept, session.IsKept);
        Set(Flags.IsServed, session.Serving is not null);
        Set(Flags.HasHome, person.Home != RoomName.Lobby);
        var fields = new PackedWriter();
        fields.Byte((byte)flags);
        fields.Text(who.Nick);
        if (!flags.HasFlag(Flags.IsHostForgotten))
            fields.Text(session.Host);
        fields.Id(who.UserId);
        if (flags.HasFlag(Flags.HasName))
            fields.Text(who.Name);
        if ((flags & (Flags.HasLook | Flags.LooksLikeNick)) == Flags.HasLook)
            fields.Text(person.NickLook!);
        if (flags.HasFlag(Flags.HasHome))
            fields.Text(person.Home!);
        fields.Number(person.LastActive);
        fields.Number(person.LastActiveAt.UtcTicks - session.Since.UtcTicks);
        fields.Number(session.OnlineSince);
        if (session.Serving is { } serving)
        {
            fields.Text(serving.Name);
            fields.Number(serving.Since);
        }

        fields.Number(memberships.Count);
        for (int i = 0; i < memberships.Count; i++)
        {
            fields.Text(person.Rooms[i] == RoomName.Lobby ? "" : person.Rooms[i]);
            fields.Number(person.LastActive - memberships[i].Since);
            fields.Byte(memberships[i].Quiet ? (byte)1 : (byte)0);
        }

        return fields.ToArray();

        void Set(Flags flag, bool isSet) => flags |= isSet ? flag : Flags.None;
    }

    private Flags Begin(out PackedReader fields)
    {
        fields = new PackedReader(_fields);
        return (Flags)fields.Byte();
    }

    private Person ReadWho(ref PackedReader fields, Flags flags, out string host, out string? look)
    {
        string nick = fields.Text();
        host = ReadHost(ref fields, flags);
        string userId = fields.Id();
        string name = flags.HasFlag(Flags.HasName) ? fields.Text() : nick;
        look = !flags.HasFlag(Flags.HasLook) ? null : flags.HasFlag(Flags.LooksLikeNick) ? nick : fields.Text();
        return new Person(nick, name, userId);
    }

    private string ReadHost(ref PackedReader fields, Flags flags) =>
        flags.HasFlag(Flags.IsHostForgotten) ? HostAddress.Forgotten(Key) : fields.Text();
}
