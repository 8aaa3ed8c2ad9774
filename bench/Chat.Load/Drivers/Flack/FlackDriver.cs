using ErlChat.Load.Drivers.Comet;

namespace ErlChat.Load.Drivers.Flack;

/// <summary>This server, over its WebSocket. An open socket counts as a parked poll here.</summary>
internal sealed class FlackDriver : IDriver
{
    public string Name => "flack";

    public string? Missing => null;

    /// <summary>The wire sends every join to every member, so N joins are N²/2 frames.</summary>
    public int MostListeners => 3000;

    public async Task<IPeer> StartAsync(PeerSettings settings, CancellationToken cancellationToken) =>
        new FlackPeer(await ChatServer.StartAsync(settings, cancellationToken));
}
