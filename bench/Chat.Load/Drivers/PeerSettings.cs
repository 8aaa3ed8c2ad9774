namespace ErlChat.Load.Drivers;

/// <summary>What can be said about the server that a driver starts.</summary>
internal sealed class PeerSettings
{
    /// <summary>A build of our server (Chat.Web.dll) to measure instead of this repository's.</summary>
    internal string? Server { get; init; }

    /// <summary>Options for our server, behind those of the driver.</summary>
    internal IReadOnlyList<string> ServerArguments { get; init; } = [];

    /// <summary>Where our server keeps its log; null: in memory.</summary>
    internal string? DataFolder { get; init; }

    /// <summary>Where to listen on 127.0.0.1.</summary>
    internal int Port { get; init; } = ServerProcess.FreePort();
}
