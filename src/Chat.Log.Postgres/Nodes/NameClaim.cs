using ErlChat.Postgres.Connections;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ErlChat.Postgres.Nodes;

/// <summary>
/// Takes a node's name at its start. A run that did not end by itself keeps the name until it has shown no sign of life for as long as a
/// lease lasts; a run that does show one keeps it. So does the cookie: another one is only accepted when no node lives.
/// </summary>
internal sealed partial class NameClaim(Primary primary, NodeClaim claim, NodeTimes times, TimeProvider time, ILogger logger)
{
    /// <summary>The advisory lock of a node that claims its name. The log has 4711, the migrations have 4710.</summary>
    private const string Lock = "SELECT pg_advisory_xact_lock(4712)";

    /// <summary>How often each run in the way has been seen without a new heartbeat, by its origin.</summary>
    private readonly Dictionary<string, (DateTimeOffset Beat, int Looks)> _seen = new(StringComparer.Ordinal);

    /// <summary>Takes the name, waiting for an earlier run's lease if necessary.</summary>
    /// <exception cref="NodeRefusedException">A living node has the name, or the living nodes have another cookie.</exception>
    /// <exception cref="DatabaseRefusedException">The database refuses the user.</exception>
    internal async Task TakeAsync(CancellationToken cancellationToken)
    {
        bool isWaiting = false;
        while (true)
        {
            try
            {
                using PrimaryConnection connection = await primary.OpenAsync(cancellationToken);
                if (await connection.AnswerAsync(TryAsync(connection.Connection), cancellationToken) is not { } inTheWay)
                    return;
                if (!isWaiting)
                    Log.Waiting(logger, claim.Name, inTheWay.Name, times.Lease.TotalSeconds);
                isWaiting = true;
            }
            catch (Exception e) when (e is DatabaseAwayException or NpgsqlException or TimeoutException)
            {
                Log.Again(logger, claim.Name, e.Message);
            }

            await Task.Delay(times.Beat, time, cancellationToken);
        }
    }

    /// <summary>Tries once. Returns a run in the way; null if the name is taken.</summary>
    private async Task<NodeRow?> TryAsync(NpgsqlConnection connection)
    {
        // Not in the transaction below: ending a run takes the log's lock, which this process must not hold if it is frozen.
        NodeRow? inTheWay = null;
        (IEnumerable<NodeRow> others, bool isSameCookie) = await LookAsync(connection);
        foreach (NodeRow row in others)
        {
            if (IsOver(row, isSameCookie) && await NodeTable.CloseAsync(connection, row))
                Log.TakenOver(logger, row.Name, row.Origin);
            else
                inTheWay = row;
        }

        if (inTheWay is not null)
            return inTheWay;

        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await ExecuteAsync(connection, Lock);
        (others, isSameCookie) = await LookAsync(connection);
        if (others.FirstOrDefault() is { } quicker)
            return quicker;
        if (!isSameCookie)
        {
            await ExecuteAsync(
                connection,
                "INSERT INTO meta VALUES ('cookie', $1) ON CONFLICT (key) DO UPDATE SET value = $1",
                CookieHash.Create(claim.Cookie));
        }

        await ExecuteAsync(connection, "DELETE FROM node WHERE name = $1 AND stopped", claim.Name);
        await NodeTable.InsertAsync(connection, claim);
        await transaction.CommitAsync();
        return null;
    }

    /// <summary>The runs that may be in the way, and whether the nodes' cookie is this node's.</summary>
    private async Task<(IEnumerable<NodeRow> Others, bool IsSameCookie)> LookAsync(NpgsqlConnection connection)
    {
        string? stored = await HashAsync(connection);

        // Not on this thread, which may be the one that serves all sockets: the hash takes as long as several round trips.
        bool isSameCookie = stored is not null && await Task.Run(() => CookieHash.Matches(stored, claim.Cookie));
        List<NodeRow> rows = await NodeTable.ListAsync(connection);
        return (rows.Where(row => !row.IsClosed && (row.Name == claim.Name || (stored is not null && !isSameCookie))), isSameCookie);
    }

    /// <summary>Whether a run has shown no sign of life for long enough.</summary>
    private bool IsOver(NodeRow row, bool isSameCookie)
    {
        (DateTimeOffset beat, int looks) = _seen.GetValueOrDefault(row.Origin, (row.Beat, -1));
        if (beat != row.Beat)
        {
            throw new NodeRefusedException(isSameCookie
                ? $"A living node is named '{row.Name}' already (version {row.Version}, address {row.Address}). Set another Node:Name."
                : $"Node:Cookie is not that of this chat's nodes, and node '{row.Name}' is alive. Set the same one, or stop all nodes to "
                    + "change it.");
        }

        _seen[row.Origin] = (beat, looks + 1);
        return looks + 1 >= NodeTimes.BeatsOfLease;
    }

    private static async Task<string?> HashAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("SELECT value FROM meta WHERE key = 'cookie'", connection);
        return await command.ExecuteScalarAsync() as string;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, string? parameter = null)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        if (parameter is not null)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        await command.ExecuteNonQueryAsync();
    }

    private static partial class Log
    {
        [LoggerMessage(
            730,
            LogLevel.Information,
            "Node {Node}: an earlier run of node {Other} did not end by itself. It is declared dead if it shows no sign of life "
                + "within {Seconds:0.#} s.",
            EventName = "WaitingForLease")]
        public static partial void Waiting(ILogger logger, string node, string other, double seconds);

        [LoggerMessage(709, LogLevel.Warning, "Node {Node} cannot claim its name yet: {Problem}", EventName = "ClaimFailed")]
        public static partial void Again(ILogger logger, string node, string problem);

        [LoggerMessage(
            731,
            LogLevel.Information,
            "The earlier run {Origin} of node {Node} is declared dead.",
            EventName = "EarlierRunDeclaredDead")]
        public static partial void TakenOver(ILogger logger, string node, string origin);
    }
}
