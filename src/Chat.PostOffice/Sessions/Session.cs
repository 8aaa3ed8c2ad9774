using ErlChat.Names;

namespace ErlChat.Sessions;

/// <summary>A live session, as the fold knows it. Changed by the fold only.</summary>
internal sealed class Session(SessionKey key, Person who, string host, string? home, DateTimeOffset since)
{
    internal SessionKey Key { get; } = key;

    internal Person Who { get; } = who;

    /// <summary>Canonical address (<see cref="HostAddress"/>).</summary>
    internal string Host { get; } = host;

    /// <summary>The room that it cannot leave without ending; null when it has none.</summary>
    internal string? Home { get; } = home;

    internal DateTimeOffset Since { get; } = since;

    /// <summary>Rooms that it is in, in the order of entering.</summary>
    internal List<string> Rooms { get; } = [];

    /// <summary>What its nick looks like; null when that does not count.</summary>
    internal string? NickLook { get; init; }

    /// <summary>What its name looks like, when it has one of its own; null when that does not count.</summary>
    internal string? NameLook { get; init; }

    internal bool IsAdmin { get; set; }

    internal DateTimeOffset MutedUntil { get; set; }

    /// <summary>Sequence and time of its last own entry.</summary>
    internal long LastActive { get; set; }

    internal DateTimeOffset LastActiveAt { get; set; } = since;

    /// <summary>Outcomes by idempotency key, oldest first; forgotten after <see cref="KeyedOutcomes.Lifetime"/>.</summary>
    internal KeyedOutcomes Keyed { get; } = new();

    internal bool IsIn(string room) => Rooms.Exists(one => RoomName.Same(one, room));
}
