using Npgsql;

namespace ErlChat.Postgres.Log;

/// <summary>How far the log goes that a fail-over cannot take away.</summary>
internal static class DurableHead
{
    /// <summary>
    /// A transaction that writes, so that its commit waits for the synchronous standby and for everything before it. An empty one does not.
    /// </summary>
    internal const string EmptyCommit = "SELECT pg_logical_emit_message(true, 'erlchat', '')";

    /// <summary>
    /// Whether PostgreSQL says that it has stopped waiting for the standby. What was committed is then on the primary, and perhaps nowhere
    /// else, but the statement succeeds.
    /// </summary>
    internal static bool IsDoubt(PostgresNotice notice) => notice.SqlState == PostgresErrorCodes.Warning;

    /// <summary>
    /// The newest entry that is certain to stay: the newest one visible now, once a commit after it has been waited for. 0 for an empty
    /// log.
    /// </summary>
    /// <param name="connection">Of the primary. A doubt (<see cref="IsDoubt"/>) makes the answer worthless.</param>
    /// <param name="known">Up to here it is certain already, so that nothing is waited for if there is nothing newer.</param>
    internal static async Task<long> ReadAsync(NpgsqlConnection connection, long known)
    {
        long head = await LookAsync(connection);
        if (head <= known)
            return head;
        await using var commit = new NpgsqlCommand(EmptyCommit, connection);
        await commit.ExecuteNonQueryAsync(CancellationToken.None);
        return head;
    }

    /// <summary>The newest entry that is visible now, whether it is certain to stay or not. 0 for an empty log.</summary>
    internal static async Task<long> LookAsync(NpgsqlConnection connection)
    {
        await using var read = new NpgsqlCommand("SELECT coalesce(max(sequence), 0) FROM entry", connection);
        return (long)(await read.ExecuteScalarAsync(CancellationToken.None))!;
    }
}

/// <summary>Where appends are announced.</summary>
internal static class LogChannel
{
    /// <summary>The channel; the payload is a sequence up to which the log is durable: no fail-over can remove it.</summary>
    internal const string Name = "erlchat_log";
}
