using ErlChat.Snapshots;
using ErlChat.Sqlite.Log;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace ErlChat.Sqlite.Snapshots;

/// <summary>
/// Where the start begins. It is determined when the database is opened, so that a start that cannot succeed fails early. It is used once.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class StartPlace(SqliteLogOptions options, ILogger<StartPlace> logger) : IStartCheck
{
    private ReplayStart? _found;

    public void Check(SqliteConnection connection, string path) => _found = StartSearch.Find(connection, path, options, logger);

    /// <summary>Takes the place that was found. Searches again if there is none or it was taken before.</summary>
    internal ReplayStart Take(SqliteConnection connection, string path) =>
        Interlocked.Exchange(ref _found, null) ?? StartSearch.Find(connection, path, options, logger);

    /// <summary>Forgets the place, since there is a newer snapshot now.</summary>
    internal void Forget() => Interlocked.Exchange(ref _found, null);
}
