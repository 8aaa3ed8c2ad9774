namespace ErlChat.Client;

/// <summary>One of a chat's servers, and whether it is left alone after a failure. Guarded by <see cref="ServerList"/>.</summary>
/// <param name="address">The address of its front page, with a slash at the end.</param>
/// <param name="options">The clock and the pauses.</param>
internal sealed class Server(Uri address, ChatClientOptions options)
{
    private readonly Backoff _backoff = new(options.FirstPause, options.LongestRest);
    private long _restingSince;
    private TimeSpan _rest;

    internal Uri Address { get; } = address;

    /// <summary>Cancelled when the server does not answer. Not disposed: it has no timer, and requests may still use its token.</summary>
    internal CancellationTokenSource Silent { get; private set; } = new();

    internal bool IsResting(long now) => _rest > TimeSpan.Zero && options.Time.GetElapsedTime(_restingSince, now) < _rest;

    /// <summary>Leaves the server alone from now on: longer after each failure in a row, and as long as the server asked for.</summary>
    internal void Rest(long now, TimeSpan? asked) => (_restingSince, _rest) = (now, _backoff.Next(asked));

    /// <summary>Allows requests again. The next failure counts as one in a row with those before.</summary>
    internal void EndRest() => _rest = TimeSpan.Zero;

    /// <summary>Forgets all failures.</summary>
    internal void Recover()
    {
        EndRest();
        _backoff.Reset();
    }

    /// <summary>The source to cancel for the requests that are waiting. Later requests get a new one.</summary>
    internal CancellationTokenSource Silence()
    {
        CancellationTokenSource silent = Silent;
        Silent = new CancellationTokenSource();
        return silent;
    }
}
