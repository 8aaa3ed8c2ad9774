namespace ErlChat.Load.Drivers;

/// <summary>A running server that is measured. Disposing stops it.</summary>
internal interface IPeer : IAsyncDisposable
{
    ServerProcess Server { get; }

    /// <summary>User and system time of all processes that serve the clients.</summary>
    TimeSpan CpuTime => Server.CpuTime;

    /// <summary>The port of 127.0.0.1 that a listener connects to. Talkers connect to <see cref="Server"/>.</summary>
    int PortOf(int listener) => Server.Port;

    /// <summary>Creates a client with a poll. It is not connected yet.</summary>
    /// <param name="number">From 0. Unique among the listeners and talkers of a peer.</param>
    /// <param name="room">The room it listens to. Null for the common room.</param>
    Listener CreateListener(Reactor reactor, int number, string? room);

    /// <summary>Creates a client that sends. It is not connected yet.</summary>
    Talker CreateTalker(Reactor reactor, int number, string? room);
}
