using ErlChat.History;
using ErlChat.Log;
using ErlChat.Nodes;
using ErlChat.Postgres.Connections;
using ErlChat.Postgres.History;
using ErlChat.Postgres.Log;
using ErlChat.Postgres.Nodes;
using ErlChat.Postgres.Snapshots;
using ErlChat.Postgres.Upkeep;
using ErlChat.Serialization;
using ErlChat.Settings;
using ErlChat.Snapshots;
using Npgsql;

namespace ErlChat.Tests;

/// <summary>What a node has of the storage: history, snapshots and retention, over a database that other nodes may share.</summary>
internal sealed class StorageNode : IDisposable
{
    private readonly ChatDatabase _database;
    private readonly ChatNode _node;

    internal StorageNode(ChatDatabase database, string? connection = null, TimeProvider? time = null)
    {
        _database = database;
        PostgresLogOptions options = database.Options;
        _node = database.AddNode(connection);
        History = new PostgresHistory(
            _node.Primary, options, new ChatOptions().SearchTimeout, Nodes, TimeProvider.System, database.Logs.For<PostgresHistory>());
        Snapshots = new PostgresSnapshots(
            _node.Database, _node.Primary, Log, History, options, Nodes, TimeProvider.System, database.Logs.For<PostgresSnapshots>());
        Repair = new HistoryRepair(_node.Primary, History, Snapshots, database.Logs.For<HistoryRepair>());
        Retention = new PostgresRetention(
            _node.Primary, Snapshots, options, Nodes, time ?? TimeProvider.System, database.Logs.For<PostgresRetention>());
        Writer = new HistoryWriter(History, Repair, options, TimeProvider.System, database.Logs.For<HistoryWriter>());
    }

    internal ElectedNode Nodes { get; } = new();

    internal Primary Primary => _node.Primary;

    internal PostgresLog Log => _node.Log;

    internal PostgresHistory History { get; }

    internal PostgresSnapshots Snapshots { get; }

    internal HistoryRepair Repair { get; }

    internal PostgresRetention Retention { get; }

    internal HistoryWriter Writer { get; }

    /// <summary>Starts the node: folds the log into its history.</summary>
    internal async Task<ReplayStart> StartAsync(Action<LogEntry>? applied = null)
    {
        ReplayStart start = await Snapshots.OpenAsync(CancellationToken.None);
        var fold = new HistoryFold(History);
        if (start.Image is { } image)
            fold.Restart(image);
        foreach (LogEntry entry in await ReadAsync(start.Image?.Sequence ?? 0))
        {
            fold.Apply(entry);
            applied?.Invoke(entry);
        }

        return start;
    }

    /// <summary>Appends entries to the log, as another node may, and returns them with their sequences.</summary>
    internal async Task<LogEntry[]> AppendAsync(params Entry[] entries)
    {
        EntryRow[] rows = Array.ConvertAll(entries, EntryCodec.Encode);
        await using NpgsqlConnection connection = await _database.ConnectAsync();
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO entry SELECT head + i, 'run', head + i, k, a, b
            FROM (SELECT coalesce(max(sequence), 0) AS head FROM entry) AS h, unnest($1, $2, $3) WITH ORDINALITY AS t (k, a, b, i)
            RETURNING sequence
            """,
            connection);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = Array.ConvertAll(rows, static row => row.Kind) });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = Array.ConvertAll(rows, static row => row.At) });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = Array.ConvertAll(rows, static row => row.Body) });
        long first = (long)(await command.ExecuteScalarAsync())!;
        return [.. entries.Select((entry, i) => new LogEntry(first + i, entry))];
    }

    /// <summary>The entries of the log above a sequence.</summary>
    internal async Task<List<LogEntry>> ReadAsync(long after)
    {
        var entries = new List<LogEntry>();
        await using NpgsqlConnection connection = await _database.ConnectAsync();
        await using var command = new NpgsqlCommand(
            "SELECT sequence, kind, origin, counter, at, body FROM entry WHERE sequence > $1 ORDER BY sequence", connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = after });
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            entries.Add(new LogEntry(
                rows.GetInt64(0),
                EntryCodec.Decode(new EntryRow(
                    rows.GetString(1), rows.GetString(2), rows.GetInt64(3), rows.GetInt64(4), rows.GetString(5)))));
        }

        return entries;
    }

    /// <summary>Completes when everything that was added is in the tables.</summary>
    internal Task SettleAsync() => History.WrittenAsync(long.MaxValue, TimeSpan.FromSeconds(10), CancellationToken.None);

    public void Dispose()
    {
        Writer.Dispose();
        Retention.Dispose();
        History.Dispose();
    }
}

/// <summary>
/// Leads everything, or nothing, as a test says. All of a test hold the same leases, like one node that was frozen and does not know yet
/// that another has its work.
/// </summary>
internal sealed class ElectedNode : ILeases
{
    /// <summary>Adds the leases to a database.</summary>
    internal const string Elect =
        "INSERT INTO lease (name, holder) SELECT unnest('{Snapshots,Retention,DeadSessions,History}'::text[]), 'node'";

    /// <summary>Gives the leases to another node.</summary>
    internal const string Replace = "UPDATE lease SET holder = 'other', term = term + 1";

    private volatile bool _leads = true;
    private volatile bool _leavesHistory;

    internal bool IsLeader
    {
        get => _leads;
        set => _leads = value;
    }

    /// <summary>Whether it leaves the history to another node, whatever else it leads.</summary>
    internal bool LeavesHistory
    {
        get => _leavesHistory;
        set => _leavesHistory = value;
    }

    public WorkTerm? TermOf(ElectedWork work) =>
        _leads && !(_leavesHistory && work == ElectedWork.History) ? new WorkTerm(work.ToString(), "node", 1) : null;
}
