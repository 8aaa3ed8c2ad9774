namespace ErlChat.Load.Drivers;

/// <summary>A server that runs and is measured. Disposing ends it.</summary>
internal interface IPeer : IAsyncDisposable
{
    ServerProcess Server { get; }

    /// <summary>Somebody with a poll. Not connected yet.</summary>
    /// <param name="number">From 0; another for each listener and talker of a peer.</param>
    /// <param name="room">The room it listens to; null for the one that everybody is in.</param>
    Listener CreateListener(Reactor reactor, int number, string? room);

    /// <summary>Somebody who sends. Not connected yet.</summary>
    Talker CreateTalker(Reactor reactor, int number, string? room);
}
