namespace ErlChat.Load.Drivers;

/// <summary>Knows how to start one kind of server, and how to talk to it.</summary>
internal interface IDriver
{
    /// <summary>What the peer is called on the command line and in tables.</summary>
    string Name { get; }

    /// <summary>What is missing on this machine to start it; null when nothing is.</summary>
    string? Missing { get; }

    /// <summary>How many listeners it can be asked for.</summary>
    int MostListeners => 18_500;

    /// <summary>Whether people can be in rooms.</summary>
    bool HasRooms => true;

    Task<IPeer> StartAsync(PeerSettings settings, CancellationToken cancellationToken);
}
