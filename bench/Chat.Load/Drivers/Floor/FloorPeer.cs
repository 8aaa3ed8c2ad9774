namespace ErlChat.Load.Drivers.Floor;

/// <summary>The minimal server. It has no rooms.</summary>
internal sealed class FloorPeer(ServerProcess server, DirectoryInfo folder) : IPeer
{
    public ServerProcess Server => server;

    public Listener CreateListener(Reactor reactor, int number, string? room) => new FloorListener(reactor, number);

    public Talker CreateTalker(Reactor reactor, int number, string? room) => new FloorTalker(reactor);

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
