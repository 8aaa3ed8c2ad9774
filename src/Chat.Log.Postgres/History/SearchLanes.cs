using System.Globalization;
using ErlChat.History;
using ErlChat.Postgres.Connections;
using Npgsql;

namespace ErlChat.Postgres.History;

/// <summary>
/// Queues searches. Each search is first tried for a short time, a few at once. If it does not finish, it is repeated in a lane for slow
/// searches, with fewer at once and a longer limit. So fast searches never wait for slow ones, and slow ones cannot occupy the database.
/// </summary>
/// <remarks>Thread-safe.</remarks>
/// <param name="timeout">How long a search may take, including the wait for its turn.</param>
internal sealed class SearchLanes(Primary primary, TimeProvider time, TimeSpan timeout) : IDisposable
{
    private static readonly TimeSpan s_quickTry = TimeSpan.FromMilliseconds(100);

    /// <summary>How much later than the database this side gives up.</summary>
    private static readonly TimeSpan s_margin = TimeSpan.FromSeconds(3);

    private readonly SemaphoreSlim _quick = new(4);
    private readonly SemaphoreSlim _slow = new(1);

    /// <summary>Runs a search.</summary>
    /// <exception cref="SearchTooSlowException">It did not finish in time.</exception>
    /// <exception cref="DatabaseAwayException">The database cannot be reached.</exception>
    internal async ValueTask<T> RunAsync<T>(
        Func<NpgsqlConnection, CancellationToken, Task<T>> search, CancellationToken cancellationToken)
        where T : class
    {
        long started = time.GetTimestamp();
        return await TryAsync(_quick, s_quickTry, search, started, cancellationToken)
            ?? await TryAsync(_slow, timeout, search, started, cancellationToken)
            ?? throw new SearchTooSlowException();
    }

    public void Dispose()
    {
        _quick.Dispose();
        _slow.Dispose();
    }

    /// <summary>One try; null if it did not finish in time.</summary>
    private async ValueTask<T?> TryAsync<T>(
        SemaphoreSlim lane,
        TimeSpan most,
        Func<NpgsqlConnection, CancellationToken, Task<T>> search,
        long started,
        CancellationToken cancellationToken)
        where T : class
    {
        TimeSpan left = timeout - time.GetElapsedTime(started);
        if (left <= TimeSpan.Zero || !await lane.WaitAsync(left, cancellationToken))
            return null;
        try
        {
            left = timeout - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
                return null;
            TimeSpan limit = most < left ? most : left;
            return await primary.UseAsync(
                connection => LimitedAsync(connection, search, limit, cancellationToken), cancellationToken, limit + s_margin);
        }
        catch (Exception e) when (e is PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
        finally
        {
            lane.Release();
        }
    }

    /// <summary>Searches in a transaction, whose limit the server keeps. It only reads, so it may be cancelled.</summary>
    private async Task<T> LimitedAsync<T>(
        NpgsqlConnection connection,
        Func<NpgsqlConnection, CancellationToken, Task<T>> search,
        TimeSpan limit,
        CancellationToken cancellationToken)
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        string milliseconds = Math.Max(1, (int)limit.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        await using (var set = new NpgsqlCommand($"SET LOCAL statement_timeout = {milliseconds}; SET LOCAL jit = off", connection))
            await set.ExecuteNonQueryAsync(cancellationToken);

        // A search may need several statements.
        using var late = new CancellationTokenSource(limit + s_margin / 2, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        T found = await search(connection, either.Token);
        await transaction.CommitAsync(cancellationToken);
        return found;
    }
}
