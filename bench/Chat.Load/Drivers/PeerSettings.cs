namespace ErlChat.Load.Drivers;

/// <summary>Settings for the server that a driver starts.</summary>
internal sealed class PeerSettings
{
    /// <summary>A build of our server (Chat.Web.dll) to measure instead of this repository's. Null to measure this repository's.</summary>
    internal string? Server { get; init; }

    /// <summary>Options for our server, added after those of the driver.</summary>
    internal IReadOnlyList<string> ServerArguments { get; init; } = [];

    /// <summary>The folder in which our server keeps its log. Null to keep it in memory, or if it is one of several nodes.</summary>
    internal string? DataFolder { get; init; }

    /// <summary>The node that our server is. Null if it is the only one.</summary>
    internal NodeSettings? Node { get; init; }

    /// <summary>The port of 127.0.0.1 to listen on.</summary>
    internal int Port { get; init; } = ServerProcess.FreePort();
}
