namespace ErlChat.Load.Drivers.Comet;

/// <summary>Each listener is a complete chat session: session, nick, mailbox, parked poll.</summary>
internal sealed class CometPeer(ServerProcess server) : IPeer
{
    public ServerProcess Server => server;

    public Listener CreateListener(Reactor reactor, int number, string? room) => new CometListener(reactor, number, room);

    public Talker CreateTalker(Reactor reactor, int number, string? room) => new CometTalker(reactor, number, room);

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
