using ErlChat.Sessions;

namespace ErlChat.Log;

/// <summary>A person ignores another one, or stops doing so.</summary>
/// <param name="Session">One of the person's sessions.</param>
/// <param name="Nick">The other's nick; empty if only <see cref="UserId"/> names the other.</param>
/// <param name="Limit">How many a person may ignore.</param>
public sealed record PersonIgnored(SessionKey Session, string Nick, int Limit) : SessionEntry(Session)
{
    /// <summary>The other's user id; null for whoever has the nick or, to stop ignoring, for all who had it.</summary>
    public string? UserId { get; init; }

    /// <summary>Whether the other is ignored no longer; null if not.</summary>
    public bool? Withdrawn { get; init; }
}

/// <summary>A person changes what it wants to see and hear. Only what is not null changes.</summary>
public sealed record PreferencesSet(SessionKey Session) : SessionEntry(Session)
{
    /// <summary>Whether the person does not want to be disturbed.</summary>
    public bool? Quiet { get; init; }

    /// <summary>The room to which the following belong; null for none.</summary>
    public string? Room { get; init; }

    /// <summary>Whether only mentions in the room count.</summary>
    public bool? Muted { get; init; }

    /// <summary>How the room's joins and leaves are shown.</summary>
    public ShownJoins? Joins { get; init; }
}
