namespace ErlChat.Sessions;

/// <summary>A session whose user is offline, however it is kept.</summary>
internal interface IOfflineSession
{
    /// <summary>Canonical address (<see cref="HostAddress"/>), or what is in its place once it was forgotten.</summary>
    string Host { get; }

    /// <summary>The sequence of the entry with which it went offline; 0 while it is online.</summary>
    long OfflineSince { get; }

    /// <summary>When it ends if nobody uses it again. Without meaning while it is online.</summary>
    DateTimeOffset OfflineUntil { get; }
}
