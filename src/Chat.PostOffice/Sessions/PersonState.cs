using ErlChat.Names;

namespace ErlChat.Sessions;

/// <summary>
/// A person, as the fold knows it: a guest, who lives as long as its only session, or a member, who owns a nick and may have several
/// sessions or none. Only the fold changes it.
/// </summary>
/// <param name="key">
/// The key of the person's first session, which no other session ever has. It stays when that session has ended: memberships and private
/// messages are filed under it.
/// </param>
/// <param name="who">Who the person is for others.</param>
/// <param name="home">The room that it cannot leave without logging out; null for none.</param>
internal sealed class PersonState(SessionKey key, Person who, string? home)
{
    internal SessionKey Key { get; } = key;

    internal Person Who { get; } = who;

    internal string? Home { get; } = home;

    /// <summary>When it became a member; null for a guest.</summary>
    internal DateTimeOffset? MemberSince { get; set; }

    internal bool IsMember => MemberSince is not null;

    /// <summary>Its sessions, in the order in which they began. A guest has exactly one.</summary>
    internal IReadOnlyList<Session> Sessions { get; private set; } = Array.Empty<Session>();

    /// <summary>Whether it is here: whether any of its sessions is online.</summary>
    internal bool IsOnline => OfflineSince == 0;

    /// <summary>The sequence of the entry with which it went offline; 0 while it is online.</summary>
    internal long OfflineSince { get; set; }

    /// <summary>
    /// 0 if it is at any of its devices, or offline; otherwise it is away, and this is the size of rooms up to which the others are told.
    /// </summary>
    internal int AwayAudience
    {
        get
        {
            int audience = 0;
            foreach (Session session in Sessions)
            {
                if (session.IsOnline && session.AwayAudience == 0)
                    return 0;
                if (session.IsOnline)
                    audience = Math.Max(audience, session.AwayAudience);
            }

            return audience;
        }
    }

    internal bool IsAway => AwayAudience > 0;

    /// <summary>The rooms that it is in, in the order in which it entered them.</summary>
    internal List<string> Rooms { get; } = new(1);

    /// <summary>How far it has read; null before the first mark, and for a guest.</summary>
    internal ReadMarks? Marks { get; private set; }

    /// <summary>The skeleton of its nick; null if that is not compared.</summary>
    internal string? NickLook { get; init; }

    /// <summary>The skeleton of its name if that differs from the nick; null if that is not compared.</summary>
    internal string? NameLook { get; init; }

    /// <summary>Whether it is an administrator now, by the password or because it <see cref="IsAppointed"/>.</summary>
    internal bool IsAdmin { get; set; }

    /// <summary>Whether it is an administrator for good. Only a member is, and while it is, it also <see cref="IsAdmin"/>.</summary>
    internal bool IsAppointed { get; set; }

    internal DateTimeOffset MutedUntil { get; set; }

    /// <summary>The sequence of the last entry that it caused.</summary>
    internal long LastActive { get; set; }

    internal DateTimeOffset LastActiveAt { get; set; }

    internal bool IsIn(string room) => Rooms.Exists(one => RoomName.Same(one, room));

    /// <inheritdoc cref="ReadMarks.Raise"/>
    internal bool Mark(string? room, string? with, long upTo) => (Marks ??= new ReadMarks()).Raise(room, with, upTo);

    /// <summary>What it wants to see and hear; null before the first wish.</summary>
    internal Preferences? Preferences { get; private set; }

    /// <summary>The preferences, to change them.</summary>
    internal Preferences Prefer() => Preferences ??= new Preferences();

    internal void Add(Session session) => Sessions = (Session[])[.. Sessions, session];

    internal void Remove(Session session) => Sessions = (Session[])[.. Sessions.Where(one => one != session)];

    /// <summary>Whether any session other than this one is online.</summary>
    internal bool IsOnlineWithout(Session session)
    {
        foreach (Session one in Sessions)
        {
            if (one != session && one.IsOnline)
                return true;
        }

        return false;
    }
}
