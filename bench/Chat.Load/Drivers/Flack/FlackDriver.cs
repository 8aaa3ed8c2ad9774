using ErlChat.Load.Drivers.Comet;

namespace ErlChat.Load.Drivers.Flack;

/// <summary>This server, through its WebSocket. A parked poll is an open socket here.</summary>
internal sealed class FlackDriver : IDriver
{
    public string Name => "flack";

    public string? Missing => null;

    /// <summary>Everybody's join goes to everybody: N joins are N²/2 frames, by the wire.</summary>
    public int MostListeners => 3000;

    public async Task<IPeer> StartAsync(PeerSettings settings, CancellationToken cancellationToken) =>
        new FlackPeer(await ChatServer.StartAsync(settings, cancellationToken));
}
