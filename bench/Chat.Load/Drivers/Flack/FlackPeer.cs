namespace ErlChat.Load.Drivers.Flack;

/// <summary>All clients are in one chat, or each in the chat of its room.</summary>
internal sealed class FlackPeer(ServerProcess server) : IPeer
{
    private const string Everybody = "everybody";

    public ServerProcess Server => server;

    public Listener CreateListener(Reactor reactor, int number, string? room) => new FlackListener(reactor, number, room ?? Everybody);

    public Talker CreateTalker(Reactor reactor, int number, string? room) => new FlackTalker(reactor, number, room ?? Everybody);

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
