using System.Globalization;
using ErlChat.History;
using ErlChat.Postgres.Connections;
using Npgsql;

namespace ErlChat.Postgres.History;

/// <summary>
/// Runs searches in the order of a <see cref="SearchQueue"/>, four of them in the quick lane. The database ends those that take too long,
/// so that they cannot occupy it.
/// </summary>
/// <remarks>Thread-safe.</remarks>
/// <param name="timeout">How long a search may take, including the wait for its turn.</param>
internal sealed class SearchLanes(Primary primary, TimeProvider time, TimeSpan timeout) : IDisposable
{
    /// <summary>How much later than the database this side gives up.</summary>
    private static readonly TimeSpan s_margin = TimeSpan.FromSeconds(3);

    private readonly SearchQueue _queue = new(4, TimeSpan.FromMilliseconds(100), timeout, time);

    /// <summary>Runs a search.</summary>
    /// <exception cref="SearchTooSlowException">It did not finish in time.</exception>
    /// <exception cref="DatabaseAwayException">The database cannot be reached.</exception>
    internal ValueTask<T> RunAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> search, CancellationToken cancellationToken)
        where T : class =>
        _queue.RunAsync(limit => AttemptAsync(search, limit, cancellationToken), cancellationToken);

    public void Dispose() => _queue.Dispose();

    /// <summary>One attempt; null if it did not finish in time.</summary>
    private async ValueTask<T?> AttemptAsync<T>(
        Func<NpgsqlConnection, CancellationToken, Task<T>> search, TimeSpan limit, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await primary.UseAsync(
                connection => LimitedAsync(connection, search, limit, cancellationToken), cancellationToken, limit + s_margin);
        }
        catch (Exception e) when (e is PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return null;
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
