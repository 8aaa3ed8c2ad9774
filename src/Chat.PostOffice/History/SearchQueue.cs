namespace ErlChat.History;

/// <summary>
/// Schedules searches in a database. Each search is first tried for a short time, a few at once. A search that does not finish is started
/// again in a second lane, where one at a time may take longer. So a search that takes milliseconds never waits behind those that take
/// seconds, however many there are.
/// </summary>
/// <remarks>Thread-safe.</remarks>
/// <param name="quickAtOnce">How many searches are tried at once; 1 or more.</param>
/// <param name="quickTry">How long each is tried.</param>
/// <param name="timeout">How long a search may take, including the wait for its turn.</param>
/// <param name="time">The clock.</param>
public sealed class SearchQueue(int quickAtOnce, TimeSpan quickTry, TimeSpan timeout, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _quick = new(quickAtOnce);
    private readonly SemaphoreSlim _slow = new(1);

    /// <summary>Runs a search when it is its turn.</summary>
    /// <param name="attempt">Searches for at most the given time; null if it did not finish.</param>
    /// <param name="cancellationToken">Cancels the wait for its turn. The attempt has to watch it, too.</param>
    /// <exception cref="SearchTooSlowException">The search did not finish in time.</exception>
    public async ValueTask<T> RunAsync<T>(Func<TimeSpan, ValueTask<T?>> attempt, CancellationToken cancellationToken)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(attempt);
        long started = time.GetTimestamp();
        return await TryAsync(_quick, quickTry, attempt, started, cancellationToken)
            ?? await TryAsync(_slow, timeout, attempt, started, cancellationToken)
            ?? throw new SearchTooSlowException();
    }

    public void Dispose()
    {
        _quick.Dispose();
        _slow.Dispose();
    }

    /// <summary>Runs one attempt; null if it did not finish in time.</summary>
    private async ValueTask<T?> TryAsync<T>(
        SemaphoreSlim lane, TimeSpan most, Func<TimeSpan, ValueTask<T?>> attempt, long started, CancellationToken cancellationToken)
        where T : class
    {
        // The clock is read once for each decision: between two readings the time may run out.
        TimeSpan left = Left();
        if (left <= TimeSpan.Zero || !await lane.WaitAsync(left, cancellationToken))
            return null;
        try
        {
            left = Left();
            return left <= TimeSpan.Zero ? null : await attempt(most < left ? most : left);
        }
        finally
        {
            lane.Release();
        }

        TimeSpan Left() => timeout - time.GetElapsedTime(started);
    }
}
