namespace ErlChat.Postgres.Schema;

/// <summary>The database of the log, for the code that starts the server.</summary>
public interface IPostgresDatabase
{
    /// <summary>What was found; null before the database is open.</summary>
    PostgresFacts? Facts { get; }

    /// <summary>
    /// Tries once to open the database. False if it cannot be reached: the chat's start then waits for it, and has said so in the server's
    /// log.
    /// </summary>
    /// <exception cref="IOException">It cannot be used, and waiting would not help. The message is one line for the operator.</exception>
    Task<bool> TryOpenAsync(CancellationToken cancellationToken);
}

/// <summary>What the start found.</summary>
/// <param name="Name">The database, its hosts and its user.</param>
/// <param name="Version">The version of PostgreSQL.</param>
/// <param name="Newest">The newest entry; 0 for an empty log.</param>
/// <param name="Oldest">The oldest entry; 0 for an empty log.</param>
/// <param name="Epoch">The identity of the log.</param>
public sealed record PostgresFacts(string Name, string Version, long Newest, long Oldest, string Epoch);
