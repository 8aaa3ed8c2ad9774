using ErlChat.Sessions;

namespace ErlChat.Nodes;

/// <summary>
/// The passwords that sessions have tried, which the nodes tell each other: they are not in the log. Each node charges its own limits for
/// the tries that it hears of.
/// </summary>
/// <remarks>Thread-safe. Holds at most <see cref="MostUntold"/> tries, while the other nodes cannot be told.</remarks>
public sealed class SharedTries
{
    /// <summary>How many tries wait to be told; the oldest give way.</summary>
    public const int MostUntold = 1000;

    private readonly Lock _gate = new();
    private readonly Queue<NumberedTry> _untold = [];
    private long _number;

    /// <summary>A session has tried a password on another node. Handlers must be quick and thread-safe.</summary>
    public event Action<SessionKey>? Heard;

    /// <summary>The tries that the other nodes have not been told about, the oldest first.</summary>
    public NumberedTry[] Untold
    {
        get
        {
            lock (_gate)
                return [.. _untold];
        }
    }

    /// <summary>Records that a session has tried a password on this node.</summary>
    public void Add(SessionKey session)
    {
        lock (_gate)
        {
            if (_untold.Count == MostUntold)
                _untold.Dequeue();
            _untold.Enqueue(new NumberedTry(++_number, session));
        }
    }

    /// <summary>The other nodes can now read the tries up to a number.</summary>
    public void Told(long number)
    {
        lock (_gate)
        {
            while (_untold.TryPeek(out NumberedTry oldest) && oldest.Number <= number)
                _untold.Dequeue();
        }
    }

    /// <summary>Raises <see cref="Heard"/>.</summary>
    public void Hear(SessionKey session) => Heard?.Invoke(session);
}

/// <summary>A try.</summary>
/// <param name="Number">Rises with every try on a run of a node.</param>
/// <param name="Session">The session that tried.</param>
public readonly record struct NumberedTry(long Number, SessionKey Session);
