namespace ErlChat.Load.Drivers.SignalR;

/// <summary>The SignalR server. A room is a group.</summary>
internal sealed class SignalRPeer(ServerProcess server) : IPeer
{
    public ServerProcess Server => server;

    public Listener CreateListener(Reactor reactor, int number, string? room) => new SignalRListener(reactor, number, room);

    public Talker CreateTalker(Reactor reactor, int number, string? room) => new SignalRTalker(reactor, room);

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
