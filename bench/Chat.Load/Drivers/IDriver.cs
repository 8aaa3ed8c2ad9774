namespace ErlChat.Load.Drivers;

/// <summary>Knows how to start one kind of server, and how to talk to it.</summary>
internal interface IDriver
{
    /// <summary>The name of the peer on the command line and in tables.</summary>
    string Name { get; }

    /// <summary>What is missing on this machine to start the server. Null when nothing is.</summary>
    string? Missing { get; }

    /// <summary>The most listeners that the server supports.</summary>
    int MostListeners => 18_500;

    /// <summary>Whether clients can be in rooms.</summary>
    bool HasRooms => true;

    Task<IPeer> StartAsync(PeerSettings settings, CancellationToken cancellationToken);
}
