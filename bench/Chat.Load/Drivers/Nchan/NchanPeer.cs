namespace ErlChat.Load.Drivers.Nchan;

/// <summary>nginx with nchan. A room is a channel.</summary>
internal sealed class NchanPeer(ServerProcess server, DirectoryInfo folder) : IPeer
{
    internal const string Everybody = "everybody";

    public ServerProcess Server => server;

    public Listener CreateListener(Reactor reactor, int number, string? room) => new NchanListener(reactor, number, room ?? Everybody);

    public Talker CreateTalker(Reactor reactor, int number, string? room) => new NchanTalker(reactor, room ?? Everybody);

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
