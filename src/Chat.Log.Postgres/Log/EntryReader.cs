using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using ErlChat.Log;
using ErlChat.Postgres.Connections;
using ErlChat.Serialization;
using Npgsql;

namespace ErlChat.Postgres.Log;

/// <summary>
/// Reads entries in their order, over a connection of its own: only those that were announced, or that are certain to stay by another
/// proof. Connects again as often as it must.
/// </summary>
/// <remarks>Not thread-safe. Disposing gives the connection up.</remarks>
/// <param name="last">What was read last.</param>
/// <param name="kinds">The kinds of entries that this program knows.</param>
/// <param name="outage">Failures of the database, of appending too.</param>
internal sealed class EntryReader(
    Primary primary,
    LogEnd end,
    ReadPosition last,
    IReadOnlyCollection<string> kinds,
    DatabaseOutage outage,
    TimeProvider time) : IDisposable
{
    /// <summary>Entries read at a time.</summary>
    private const int Page = 1000;

    /// <summary>
    /// How long to wait for an announcement before looking without one: a node may have died between its append and the announcement.
    /// </summary>
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(500);

    private readonly FrozenSet<string> _kinds = kinds.ToFrozenSet(StringComparer.Ordinal);
    private NpgsqlParameter<long> _after = new();
    private NpgsqlParameter<long> _through = new();
    private PrimaryConnection? _connection;
    private NpgsqlCommand? _page;
    private NpgsqlConnection? _listening;
    private long _lookedAt;
    private bool _warned;

    /// <summary>Up to here the log is durable: no fail-over can remove it.</summary>
    private long _certain;

    /// <summary>What was read last.</summary>
    internal ReadPosition Last { get; private set; } = last;

    /// <summary>The next entries, at least one.</summary>
    /// <exception cref="LogEndedException">The log is not the one that was read so far, or has an entry that cannot be read.</exception>
    internal async Task<IReadOnlyList<LogEntry>> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            end.ThrowIfReached();
            try
            {
                _connection ??= await ConnectAsync(cancellationToken);
                if (_certain > Last.Sequence)
                {
                    IReadOnlyList<(long Sequence, EntryRow Row)> rows =
                        await _connection.AnswerAsync(ReadPageAsync(), cancellationToken);
                    outage.Succeeded();
                    return Decode(rows);
                }

                if (_connection.IsOutdated)
                    throw new DatabaseAwayException($"{_connection.Host} is not the primary any more");
                await _connection.Connection.WaitAsync(s_look, cancellationToken);
                if (_certain <= Last.Sequence && time.GetElapsedTime(_lookedAt) >= s_look)
                    await AdvanceAsync(_connection, cancellationToken);
                outage.Succeeded();
            }
            catch (Exception e) when (
                e is NpgsqlException or IOException or TimeoutException or ObjectDisposedException
                && e is not LogEndedException)
            {
                Dispose();
                cancellationToken.ThrowIfCancellationRequested();
                outage.Failed(e);
                await Task.Delay(TimeSpan.FromMilliseconds(50 + Random.Shared.Next(100)), time, cancellationToken);
            }
        }
    }

    public void Dispose()
    {
        _connection?.Dispose();
        (_connection, _page, _listening) = (null, null, null);
    }

    private async Task<PrimaryConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        PrimaryConnection opened = await primary.OpenAsync(cancellationToken);
        try
        {
            NpgsqlConnection connection = opened.Connection;
            connection.Notice += (_, e) => _warned |= DurableHead.IsDoubt(e.Notice);

            // The position of another primary, of the past perhaps, says nothing about this one.
            (_certain, _listening) = (0, connection);
            await opened.AnswerAsync(ListenAsync(connection), cancellationToken);
            connection.Notification += (_, e) =>
            {
                // A connection that was given up may still speak.
                if (ReferenceEquals(_listening, connection))
                    Raise(long.Parse(e.Payload, CultureInfo.InvariantCulture));
            };
            await AdvanceAsync(opened, cancellationToken);
            await CheckAsync(opened, cancellationToken);
            (_after, _through) = (new NpgsqlParameter<long>(), new NpgsqlParameter<long>());
            _page = new NpgsqlCommand(
                $"""
                SELECT sequence, kind, origin, counter, at, body FROM entry
                WHERE sequence >= $1 AND sequence <= $2 ORDER BY sequence LIMIT {Page}
                """,
                connection)
            {
                Parameters = { _after, _through },
            };
            await opened.AnswerAsync(PrepareAsync(_page), cancellationToken);
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Reads how far the log is durable, without waiting for an announcement.</summary>
    private async Task AdvanceAsync(PrimaryConnection connection, CancellationToken cancellationToken)
    {
        _warned = false;
        long head = await connection.AnswerAsync(DurableHead.ReadAsync(connection.Connection, Last.Sequence), cancellationToken);
        if (_warned)
            throw new DatabaseAwayException($"{connection.Host} stopped waiting for the standby");
        if (head < Last.Sequence)
            await CheckAsync(connection, cancellationToken);
        Raise(head);
        _lookedAt = time.GetTimestamp();
    }

    private async Task CheckAsync(PrimaryConnection connection, CancellationToken cancellationToken)
    {
        if (await connection.AnswerAsync(Last.ProblemAsync(connection.Connection), cancellationToken) is { } problem)
            throw end.Reach(problem);
    }

    private void Raise(long sequence) => _certain = Math.Max(_certain, sequence);

    /// <summary>Reads the entry that was read last, to see that it is still the same one, and those after it.</summary>
    private async Task<IReadOnlyList<(long Sequence, EntryRow Row)>> ReadPageAsync()
    {
        (_after.TypedValue, _through.TypedValue) = (Last.Sequence, _certain);
        var rows = new List<(long, EntryRow)>();
        await using NpgsqlDataReader row = await _page!.ExecuteReaderAsync(CancellationToken.None);
        while (await row.ReadAsync(CancellationToken.None))
        {
            rows.Add((
                row.GetInt64(0),
                new EntryRow(row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetInt64(4), row.GetString(5))));
        }

        return rows;
    }

    private List<LogEntry> Decode(IReadOnlyList<(long Sequence, EntryRow Row)> rows)
    {
        var entries = new List<LogEntry>(rows.Count);
        foreach ((long sequence, EntryRow row) in rows)
        {
            if (sequence == Last.Sequence)
            {
                if (Last.ProblemOf(row.Origin, row.Counter) is { } other)
                    throw end.Reach(other);
                continue;
            }

            // Those before it can still be applied; the next call finds this one at the beginning.
            string? problem = sequence == Last.Sequence + 1
                ? TryDecode(sequence, row, out Entry? entry)
                : Explain(out entry, $"The database has no entry {Last.Sequence + 1}, but has {sequence}.");
            if (problem is not null)
                return entries.Count > 0 ? entries : throw end.Reach(problem);
            entries.Add(new LogEntry(sequence, entry!));
            Last = new ReadPosition(sequence, row.Origin, row.Counter);
        }

        return entries.Count > 0
            ? entries
            : throw end.Reach($"The database has no entry after {Last.Sequence} any more, although it had {_certain}.");
    }

    private string? TryDecode(long sequence, EntryRow row, out Entry? entry)
    {
        if (!_kinds.Contains(row.Kind))
        {
            return Explain(
                out entry,
                $"Entry {sequence} is of the kind '{row.Kind}', which this program does not know: start a newer version of it.");
        }

        try
        {
            entry = EntryCodec.Decode(row);
            return null;
        }
        catch (Exception e) when (e is JsonException or ArgumentException or FormatException or NotSupportedException)
        {
            return Explain(out entry, $"Entry {sequence} cannot be read: {e.Message.TrimEnd('.')}.");
        }
    }

    private static string Explain(out Entry? entry, string problem)
    {
        entry = null;
        return problem;
    }

    private static async Task<bool> ListenAsync(NpgsqlConnection connection)
    {
        await using var listen = new NpgsqlCommand($"LISTEN {LogChannel.Name}", connection);
        await listen.ExecuteNonQueryAsync(CancellationToken.None);
        return true;
    }

    private static async Task<bool> PrepareAsync(NpgsqlCommand command)
    {
        await command.PrepareAsync(CancellationToken.None);
        return true;
    }
}
