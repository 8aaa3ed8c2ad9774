using ErlChat.Health;
using ErlChat.History;
using ErlChat.Log;
using ErlChat.Logging;
using ErlChat.Mailboxes;
using ErlChat.Nodes;
using ErlChat.Postgres.Connections;
using ErlChat.Postgres.Nodes;
using ErlChat.Sessions;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ErlChat.Postgres.History;

/// <summary>
/// The messages in tables that all nodes read. Every node's fold adds them here; the node that leads <see cref="ElectedWork.History"/>
/// writes them, in batches, and the others keep them in memory until the tables have them. Reads look in both, so a read on any node sees
/// everything that this node has applied, and nothing beyond it.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed partial class PostgresHistory : IChatHistory, IDisposable
{
    private readonly HistoryQueue _queue;
    private readonly SearchLanes _searches;
    private readonly Primary _primary;
    private readonly ILeases _leases;
    private readonly TimeProvider _time;
    private readonly ILogger<PostgresHistory> _logger;
    private readonly TimeSpan _readTimeout;
    private readonly long _maxBytes;
    private readonly Outage _unreadable;

    /// <param name="searchTimeout">How long a search may take, including the wait for its turn.</param>
    internal PostgresHistory(
        Primary primary,
        PostgresLogOptions options,
        TimeSpan searchTimeout,
        ILeases leases,
        TimeProvider time,
        ILogger<PostgresHistory> logger)
    {
        (_primary, _leases, _time, _logger) = (primary, leases, time, logger);
        (_readTimeout, _maxBytes) = (options.ReadTimeout, options.MaxPendingBytes);
        _queue = new HistoryQueue(options.MaxPendingBytes);
        _searches = new SearchLanes(primary, time, searchTimeout);
        _unreadable = new Outage(time, logger, Log.Readable);
    }

    /// <summary>How many rows are not known to be in the tables yet.</summary>
    internal int Pending => _queue.Count;

    /// <summary>Estimated bytes of the rows that are not known to be in the tables yet.</summary>
    internal long PendingBytes => _queue.Bytes;

    public void Add(string room, Mail mail) => Add(new HistoryRow(mail, room, default));

    public void AddPrivate(SessionKey reader, Mail mail) => Add(new HistoryRow(mail, null, reader));

    public void Applied(long sequence) => _queue.Advance(sequence);

    /// <summary>The messages stay: if a room of that name begins again, it is the same public place.</summary>
    public void Forget(string room)
    {
    }

    /// <summary>The rows stay until retention removes them, but no later session has this key.</summary>
    public void Forget(SessionKey reader)
    {
    }

    public ValueTask<MailPage> ReadAsync(string room, PageStart start, PageSize size, CancellationToken cancellationToken) => ReadAsync(
        row => row.IsIn(room),
        (connection, from, below) => HistorySelect.RoomAsync(connection, room, from, below, size, cancellationToken),
        start,
        size,
        default,
        cancellationToken);

    public ValueTask<MailPage> ReadPrivateAsync(
        SessionKey reader, Correspondent with, PageStart start, PageSize size, CancellationToken cancellationToken) => ReadAsync(
            row => row.IsOf(reader, with),
            (connection, from, below) => HistorySelect.PrivateAsync(connection, reader, with, from, below, size, cancellationToken),
            start,
            size,
            reader,
            cancellationToken);

    public async ValueTask<AuthorPage> ReadOfAsync(string userId, long before, CancellationToken cancellationToken)
    {
        long below = Math.Min(before, _queue.Applied + 1);
        PendingHistory pending = _queue.Pending(below, row => row.IsBy(userId));
        AuthorPage written = await AnsweredAsync(async () => await _primary.UseAsync(
            connection => HistorySelect.OfAsync(connection, userId, below, cancellationToken), cancellationToken, _readTimeout));
        return pending.With(written);
    }

    public async ValueTask<Mail?> FindAsync(long sequence, SessionKey reader, CancellationToken cancellationToken)
    {
        PendingHistory pending = _queue.Pending(long.MaxValue, row => row.IsMessage(sequence, reader), reader);
        if (pending.Fresh is [var fresh, ..])
            return fresh;
        if (sequence > _queue.Applied)
            return null;
        Mail? written = await AnsweredAsync(async () => await _primary.UseAsync(
            connection => HistorySelect.FindAsync(connection, sequence, reader, cancellationToken), cancellationToken, _readTimeout));
        return written is null ? null : pending.Now(written);
    }

    public async ValueTask<ChangesPage> ReadChangesAsync(
        string? room, SessionKey reader, long since, PageSize size, CancellationToken cancellationToken)
    {
        // What another node has written and this one has not applied yet comes as mail.
        long through = _queue.Applied;
        PendingHistory pending = _queue.Pending(
            0, static _ => false, reader, row => room is null ? row.Room is null : row.IsIn(room));
        return await AnsweredAsync(async () => await pending.WithAsync(
            async after => await _primary.UseAsync(
                connection => HistorySelect.ChangesAsync(connection, room, reader, after, through, size, cancellationToken),
                cancellationToken,
                _readTimeout),
            since,
            size));
    }

    public ValueTask<IReadOnlyList<EarlierText>> ReadEarlierAsync(long sequence, CancellationToken cancellationToken) =>
        AnsweredAsync(async () => await _primary.UseAsync(
            connection => HistorySelect.EarlierAsync(connection, sequence, cancellationToken), cancellationToken, _readTimeout));

    public async ValueTask<IReadOnlyDictionary<long, MessageReactions>> ReadReactionsAsync(
        IReadOnlyCollection<long> messages, IReadOnlyCollection<string> users, CancellationToken cancellationToken)
    {
        var tally = new ReactionTally(_queue.Reactions(static _ => true), messages, users);
        return await AnsweredAsync(async () => await _primary.UseAsync(
            connection => ReactionSelect.CountAsync(connection, messages, tally, cancellationToken), cancellationToken, _readTimeout));
    }

    public async ValueTask<ReactedPage> ReadReactedAsync(
        string? room, SessionKey reader, long since, PageSize size, CancellationToken cancellationToken)
    {
        IReadOnlyList<Mail> pending = _queue.Reactions(row => room is null ? row.Room is null && row.Reader == reader : row.IsIn(room));
        ReactedPage written = await AnsweredAsync(async () => await _primary.UseAsync(
            connection => ReactionSelect.ChangedAsync(connection, room, reader, since, size, cancellationToken),
            cancellationToken,
            _readTimeout));
        return Reacting.With(written, pending, since, size);
    }

    /// <summary>What was done in the last moment may be missing.</summary>
    public async ValueTask<PersonReactions> ReadReactionsOfAsync(string userId, long before, CancellationToken cancellationToken)
    {
        IReadOnlyList<Mail> pending = _queue.ReactionsAndRemovals();
        PersonReactions written = await AnsweredAsync(async () => await _primary.UseAsync(
            connection => ReactionSelect.OfAsync(connection, userId, before, cancellationToken), cancellationToken, _readTimeout));
        return Reacting.With(written, pending, userId, before);
    }

    public async ValueTask<MailPage> SearchAsync(
        SearchQuery query, SearchScope scope, long before, PageSize size, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(scope);
        long below = Math.Min(before, _queue.Applied + 1);

        // Searched outside the lock, since a search takes longer than a message may wait.
        PendingHistory pending = _queue.Pending(below, row => row.IsIn(scope), scope.Private ?? default, row => row.IsIn(scope));
        MailPage written = await AnsweredAsync(() => _searches.RunAsync(
            (connection, cancelled) => HistorySelect.SearchAsync(connection, query, scope, below, size, cancelled), cancellationToken));
        return pending.With(written, query, below, size);
    }

    public void Dispose()
    {
        _searches.Dispose();
        _unreadable.Dispose();
    }

    /// <summary>Tells whoever watches the server what may be wrong here.</summary>
    internal void AddTo(Conditions conditions)
    {
        conditions.Watch("history-waits", "messages are waiting in memory to be written to the history", () => _isFailing);
        conditions.Watch("history-incomplete", "the history lacks messages until they are written from the log", () => _queue.LacksRows);
        conditions.Watch("history-unreadable", "the database cannot be read: history and search are refused", () => _unreadable.IsOn);
    }

    private void Add(HistoryRow row)
    {
        if (_queue.Add(row))
            Log.Dropped(_logger, _maxBytes);
    }

    private async ValueTask<MailPage> ReadAsync(
        Func<HistoryRow, bool> wanted,
        Func<NpgsqlConnection, PageStart, long, Task<MailPage>> read,
        PageStart start,
        PageSize size,
        SessionKey reader,
        CancellationToken cancellationToken)
    {
        // Another node may have applied, and written, more.
        long below = _queue.Applied + 1;
        if (!start.IsUpward)
            start = Math.Min(start.Sequence, below);

        // What has come since is left out: rows before it may be written already, and would be missing.
        PendingHistory pending = _queue.Pending(start, row => row.Mail.Sequence < below && wanted(row), reader);
        MailPage newest = pending.With(new MailPage([], false), size);

        // What waits in memory is newer than what is in the tables. If it fills the page, the database is not needed.
        if (newest.More && !start.IsUpward && !_queue.LacksRows)
            return newest;
        MailPage written = await AnsweredAsync(async () =>
            await _primary.UseAsync(connection => read(connection, start, below), cancellationToken, _readTimeout));
        return pending.With(written, size, start.IsUpward);
    }

    /// <summary>A read's answer. If the database does not give one, the read is refused.</summary>
    private async ValueTask<T> AnsweredAsync<T>(Func<ValueTask<T>> read)
    {
        try
        {
            T page = await read();
            _unreadable.Succeeded();
            return page;
        }
        catch (Exception e) when (e is DatabaseAwayException or DatabaseRefusedException or NpgsqlException)
        {
            if (_unreadable.Failed())
                Log.Unreadable(_logger, e.Message);
            throw new LogUnavailableException("The history cannot be read: " + e.Message, e);
        }
    }
}
