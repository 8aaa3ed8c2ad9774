using Npgsql;

namespace ErlChat.Postgres.Connections;

/// <summary>A connection of the primary, for one user that keeps it until something is wrong with it. Disposing gives it up.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class PrimaryConnection(Primary primary, DatabaseHost host, NpgsqlConnection connection, int timeline) : IDisposable
{
    /// <summary>The connection itself. Pass no cancellation tokens to what commits: see <see cref="Primary"/>.</summary>
    internal NpgsqlConnection Connection => connection;

    /// <summary>The host and port.</summary>
    internal string Host => host.Name;

    /// <summary>The timeline on which this host was the primary.</summary>
    internal int Timeline => timeline;

    /// <summary>Whether a primary with a higher timeline has been found since, so that this one is a primary of the past.</summary>
    internal bool IsOutdated => primary.Timeline > timeline;

    /// <summary>
    /// Awaits a statement for as long as the database may take to answer. The statement is never cancelled, so the connection must be
    /// disposed if this throws.
    /// </summary>
    /// <exception cref="DatabaseAwayException">There was no answer in time.</exception>
    /// <exception cref="OperationCanceledException">The caller does not wait any longer.</exception>
    internal Task<T> AnswerAsync<T>(Task<T> statement, CancellationToken cancellationToken = default) =>
        primary.AnswerAsync(statement, host.Name, null, cancellationToken);

    /// <summary>Gives the connection up, in the background: closing one with a statement under way waits for the statement's end.</summary>
    public void Dispose() => host.Drop(connection);
}
