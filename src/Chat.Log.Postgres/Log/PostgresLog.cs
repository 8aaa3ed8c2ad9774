using System.Runtime.CompilerServices;
using ErlChat.Health;
using ErlChat.Log;
using ErlChat.Postgres.Connections;
using ErlChat.Postgres.Schema;
using ErlChat.Serialization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ErlChat.Postgres.Log;

/// <summary>The log in a PostgreSQL database that several nodes share.</summary>
/// <remarks>
/// <para>Thread-safe. Reading opens the database, and waits for it as long as it takes; nothing is appended before.</para>
/// <para>
/// An append completes when the database has it, its synchronous standby included. While the database is away, appends wait for
/// <see cref="PostgresLogOptions.RefuseAfter"/> and are then refused, except those that were sent and have no answer: they are repeated
/// until it is known that they are in the log.
/// </para>
/// <para>
/// A log that is not the one that this process has read so far, or that has an entry it does not know, ends its use by this process:
/// nothing is appended or read any more, and one line says why.
/// </para>
/// </remarks>
internal sealed class PostgresLog : IChatLog, IAsyncDisposable
{
    private readonly PostgresDatabase _database;
    private readonly Primary _primary;
    private readonly TimeProvider _time;
    private readonly LogEnd _end;
    private readonly DatabaseOutage _outage;
    private readonly AppendLoop _appends;
    private readonly NewestEntry _newest;
    private ReadPosition _last = new(0);
    private int _readers;

    internal PostgresLog(
        PostgresDatabase database,
        Primary primary,
        IOptions<PostgresLogOptions> options,
        TimeProvider time,
        ILogger<PostgresLog> logger)
    {
        (_database, _primary, _time) = (database, primary, time);
        _end = new LogEnd(logger);
        _outage = new DatabaseOutage(time, logger);
        _appends = new AppendLoop(primary, options.Value, time, _end, _outage);
        _newest = new NewestEntry(primary, time);
    }

    /// <summary>The kinds of entries that this program knows. Reading ends at any other.</summary>
    internal IReadOnlyCollection<string> Kinds { get; init; } = EntryCodec.Kinds.Keys;

    public string Epoch => _database.Epoch;

    public bool IsAvailable => _appends.IsAvailable;

    /// <summary>Completes when this process must not use the log any more.</summary>
    internal Task Ended => _end.Reached;

    /// <summary>Registers what operators should see as conditions.</summary>
    internal void AddTo(Conditions conditions)
    {
        conditions.Watch(
            "log-unavailable",
            "the database cannot be written, so messages are refused",
            () => _appends.IsRefusing,
            refuses: true);
        conditions.Watch("database", "the database fails, or has failed within the last seconds", () => _outage.IsOn);
        conditions.Watch(
            "log-ended",
            "this node applies nothing more of the log, and stops",
            () => _end.Why is not null,
            refuses: true);
    }

    public ValueTask AppendAsync(Entry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask(_appends.AppendAsync(EntryCodec.Encode(entry)));
    }

    /// <remarks>
    /// What is visible now may still wait for its standby. The caller waits until this node has read it, and by then it is durable.
    /// </remarks>
    public async ValueTask<long> NewestAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _newest.AskAsync(cancellationToken);
        }
        catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException or ObjectDisposedException)
        {
            throw new LogUnavailableException("The database cannot be asked for its newest entry.", e);
        }
    }

    /// <summary>
    /// Says which entry the state contains last, so that reading on from there ends if the log has another one. Call it before reading.
    /// </summary>
    internal void BeginAfter(ReadPosition last) => _last = last;

    /// <summary>Opens the database, and waits for it as long as it takes.</summary>
    /// <exception cref="IOException">It cannot be used, and waiting would not help.</exception>
    internal async Task OpenAsync(CancellationToken cancellationToken)
    {
        await _database.OpenAsync(cancellationToken);
        _appends.Start();
    }

    public async IAsyncEnumerable<LogEntry> ReadAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Interlocked.Exchange(ref _readers, 1) != 0)
            throw new InvalidOperationException("A log has one reader at a time.");
        try
        {
            await OpenAsync(cancellationToken);
            ReadPosition from = _last.Sequence == after ? _last : new ReadPosition(after);
            using var reader = new EntryReader(_primary, _end, from, Kinds, _outage, _time);
            while (true)
            {
                foreach (LogEntry entry in await reader.NextAsync(cancellationToken))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    _last = new ReadPosition(entry.Sequence, entry.Entry.Id.Origin, entry.Entry.Id.Counter);
                    yield return entry;
                }
            }
        }
        finally
        {
            Volatile.Write(ref _readers, 0);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _appends.DisposeAsync();
        _newest.Dispose();
        _outage.Dispose();
    }
}
