namespace ErlChat.Load.Drivers.Comet;

/// <summary>This server, over its long poll.</summary>
internal sealed class CometDriver : IDriver
{
    public string Name => "comet";

    public string? Missing => null;

    public async Task<IPeer> StartAsync(PeerSettings settings, CancellationToken cancellationToken) =>
        new CometPeer(await ChatServer.StartAsync(settings, cancellationToken));
}
