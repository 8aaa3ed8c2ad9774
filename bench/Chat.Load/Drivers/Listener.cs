namespace ErlChat.Load.Drivers;

/// <summary>A client with one parked poll (or one open socket). Use it on the reactor's thread only.</summary>
internal abstract class Listener(Reactor reactor, int number) : IReplySink, IDisposable
{
    private Connection _connection = new(reactor);

    internal int Number => number;

    /// <summary>Whether it polls again as soon as it has an answer, as real clients do.</summary>
    internal bool PollsAgain { get; set; }

    internal IDeliveries? Deliveries { get; set; }

    /// <summary>Why it no longer has a parked poll: it was refused, or its connection was lost. Null as long as all is well.</summary>
    internal string? DropReason { get; private set; }

    protected Connection Connection => _connection;

    protected Reactor Reactor => reactor;

    /// <summary>Connects, also again after a loss of the connection.</summary>
    internal Task ConnectAsync(int port)
    {
        _connection.Dispose();
        DropReason = null;
        _connection = new Connection(reactor) { Sink = this };
        return _connection.ConnectAsync(port);
    }

    /// <summary>Everything that happens once: login, negotiation.</summary>
    internal abstract Task EnterAsync();

    /// <summary>The last step before the first poll, when all the others have entered.</summary>
    internal virtual Task CatchUpAsync() => Task.CompletedTask;

    /// <summary>Sends the next poll, from the position where the last one ended.</summary>
    internal abstract void Park();

    public void Received(in Reply reply)
    {
        if (Refusal(reply) is { } why)
        {
            Lost(why);
            return;
        }

        Advance(reply);
        if (PollsAgain)
            Park();
        Deliveries?.Delivered(this, reply.Body);
    }

    public void Lost(string why)
    {
        DropReason ??= why;
        Deliveries?.Failed(this, why);
    }

    public virtual void Dispose() => _connection.Dispose();

    /// <summary>Why this reply is not a valid answer to a poll. Null when it is.</summary>
    protected abstract string? Refusal(in Reply reply);

    /// <summary>Reads the cursor for the next poll from the reply.</summary>
    protected abstract void Advance(in Reply reply);
}
