using ErlChat.Names;

namespace ErlChat.Sessions;

/// <summary>A live session, whether its user is online or not, as the fold knows it. Only the fold changes it.</summary>
internal sealed class Session(SessionKey key, Person who, string host, string? home, DateTimeOffset since)
{
    internal SessionKey Key { get; } = key;

    internal Person Who { get; } = who;

    /// <summary>Canonical address (<see cref="HostAddress"/>).</summary>
    internal string Host { get; } = host;

    /// <summary>The room that it cannot leave without logging out; null for none.</summary>
    internal string? Home { get; } = home;

    internal DateTimeOffset Since { get; } = since;

    /// <summary>The sequence of the entry with which its user last came back online; 0 if that was the login.</summary>
    internal long OnlineSince { get; set; }

    /// <summary>The sequence of the entry with which its user went offline; 0 while the user is online.</summary>
    internal long OfflineSince { get; set; }

    /// <summary>When it ends if its user does not come back. Without meaning while the user is online.</summary>
    internal DateTimeOffset OfflineUntil { get; set; }

    internal bool IsOnline => OfflineSince == 0;

    /// <summary>The rooms that it is in, in the order in which it entered them.</summary>
    internal List<string> Rooms { get; } = [];

    /// <summary>The skeleton of its nick; null if that is not compared.</summary>
    internal string? NickLook { get; init; }

    /// <summary>The skeleton of its name if that differs from the nick; null if that is not compared.</summary>
    internal string? NameLook { get; init; }

    /// <summary>Whether its client keeps the token, so that its user can come back after an absence.</summary>
    internal bool IsKept { get; init; }

    internal bool IsAdmin { get; set; }

    internal DateTimeOffset MutedUntil { get; set; }

    /// <summary>Which node serves it; null if no node has said so, as in a chat with one unnamed node.</summary>
    internal ServingNode? Serving { get; set; }

    /// <summary>
    /// Whether it cannot outlive the node that serves it. A session without a home room came over a connection that ends with the node.
    /// </summary>
    internal bool EndsWithNode => Home is null;

    /// <summary>The name of the node that serves it.</summary>
    internal string? ServedBy => Serving?.Name;

    /// <summary>The sequence of the entry with which that node began to serve it; 0 if no node serves it.</summary>
    internal long ServedSince => Serving?.Since ?? 0;

    /// <summary>The sequence of the last entry that it caused.</summary>
    internal long LastActive { get; set; }

    internal DateTimeOffset LastActiveAt { get; set; } = since;

    /// <summary>Outcomes by idempotency key, oldest first; forgotten after <see cref="KeyedOutcomes.Lifetime"/>.</summary>
    internal KeyedOutcomes Keyed { get; } = new();

    internal bool IsIn(string room) => Rooms.Exists(one => RoomName.Same(one, room));
}
