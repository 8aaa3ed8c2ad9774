using ErlChat.History;
using ErlChat.Log;
using ErlChat.Mailboxes;
using ErlChat.Sessions;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.History;

/// <content>Reads both the tables and the rows that are not written yet.</content>
internal sealed partial class SqliteHistory
{
    public async ValueTask<MailPage> ReadAsync(string room, PageStart start, PageSize size, CancellationToken cancellationToken)
    {
        PendingHistory pending = Waiting(start, row => row.IsIn(room));
        MailPage written = await _database.Readers.UseAsync(
            connection => HistorySelect.Room(connection, room, start, size), cancellationToken);
        return pending.With(written, size, start.IsUpward);
    }

    public async ValueTask<MailPage> ReadPrivateAsync(
        SessionKey reader, Correspondent with, PageStart start, PageSize size, CancellationToken cancellationToken)
    {
        PendingHistory pending = Waiting(start, row => row.IsOf(reader, with), reader);
        MailPage written = await _database.Readers.UseAsync(
            connection => HistorySelect.Private(connection, reader, with, start, size), cancellationToken);
        return pending.With(written, size, start.IsUpward);
    }

    public async ValueTask<AuthorPage> ReadOfAsync(string userId, long before, CancellationToken cancellationToken)
    {
        PendingHistory pending = Waiting(before, row => row.IsBy(userId));
        AuthorPage written = await _database.Readers.UseAsync(
            connection => HistorySelect.Of(connection, userId, before), cancellationToken);
        return pending.With(written);
    }

    public async ValueTask<Mail?> FindAsync(long sequence, SessionKey reader, CancellationToken cancellationToken)
    {
        PendingHistory pending = Waiting(long.MaxValue, row => row.IsMessage(sequence, reader), reader);
        return pending.Fresh is [var fresh, ..] ? fresh
            : await _database.Readers.UseAsync(connection => HistorySelect.Find(connection, sequence, reader), cancellationToken)
                is { } written ? pending.Now(written)
            : null;
    }

    public async ValueTask<ChangesPage> ReadChangesAsync(
        string? room, SessionKey reader, long since, PageSize size, CancellationToken cancellationToken)
    {
        PendingHistory pending = Waiting(0, static _ => false, reader, row => room is null ? row.Room is null : row.IsIn(room));
        return await pending.WithAsync(
            async after => await _database.Readers.UseAsync(
                connection => HistorySelect.ReadChanges(connection, room, reader, after, size), cancellationToken),
            since,
            size);
    }

    public ValueTask<IReadOnlyList<EarlierText>> ReadEarlierAsync(long sequence, CancellationToken cancellationToken) =>
        _database.Readers.UseAsync(connection => HistorySelect.Earlier(connection, sequence), cancellationToken);

    public async ValueTask<IReadOnlyDictionary<long, MessageReactions>> ReadReactionsAsync(
        IReadOnlyCollection<long> messages, IReadOnlyCollection<string> users, CancellationToken cancellationToken)
    {
        var tally = new ReactionTally(WaitingReactions(static _ => true), messages, users);
        return await _database.Readers.UseAsync(connection => ReactionSelect.Count(connection, messages, tally), cancellationToken);
    }

    public async ValueTask<ReactedPage> ReadReactedAsync(
        string? room, SessionKey reader, long since, PageSize size, CancellationToken cancellationToken)
    {
        IReadOnlyList<Mail> pending = WaitingReactions(row => room is null ? row.Room is null && row.Reader == reader : row.IsIn(room));
        ReactedPage written = await _database.Readers.UseAsync(
            connection => ReactionSelect.Changed(connection, room, reader, since, size), cancellationToken);
        return Reacting.With(written, pending, since, size);
    }

    /// <summary>What was done in the last moment may be missing.</summary>
    public async ValueTask<PersonReactions> ReadReactionsOfAsync(string userId, long before, CancellationToken cancellationToken)
    {
        IReadOnlyList<Mail> pending;
        lock (_gate)
            pending = HistoryRow.ReactionsAndRemovals(_pending);
        PersonReactions written = await _database.Readers.UseAsync(
            connection => ReactionSelect.Of(connection, userId, before), cancellationToken);
        return Reacting.With(written, pending, userId, before);
    }

    public async ValueTask<MailPage> SearchAsync(
        SearchQuery query, SearchScope scope, long before, PageSize size, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(scope);

        // Searched outside the lock, since a search takes longer than a message may wait.
        PendingHistory pending = Waiting(before, row => row.IsIn(scope), scope.Private ?? default, row => row.IsIn(scope));
        try
        {
            MailPage written = await _searches.RunAsync(
                connection => HistorySelect.Search(connection, query, scope, before, size), cancellationToken);
            return pending.With(written, query, before, size);
        }
        catch (LogUnavailableException e) when (
            e.InnerException is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_CORRUPT } damage && MayMend())
        {
            // This search fails. Once the index has been emptied, later searches find the messages again.
            await IndexFailedAsync(damage);
            throw;
        }
    }

    /// <summary>Do not try again at once: the damage may be elsewhere, where a new index does not help.</summary>
    private bool MayMend()
    {
        long mendedAt = Interlocked.Read(ref _mendedAt);
        return mendedAt == 0 || _time.GetElapsedTime(mendedAt) >= _database.Options.RetryAfter * MendPauses;
    }

    /// <summary>The reactions that are not written yet.</summary>
    private IReadOnlyList<Mail> WaitingReactions(Func<HistoryRow, bool> wanted)
    {
        lock (_gate)
            return HistoryRow.Reactions(_pending, wanted);
    }

    /// <summary>What a read finds among the rows that are not written yet.</summary>
    /// <param name="start">Where the messages begin.</param>
    /// <param name="wanted">Which messages.</param>
    /// <param name="reader">Whose private messages may be among them.</param>
    /// <param name="concerns">Which changes; null for all that the reader may know of.</param>
    private PendingHistory Waiting(
        PageStart start, Func<HistoryRow, bool> wanted, SessionKey reader = default, Func<HistoryRow, bool>? concerns = null)
    {
        lock (_gate)
            return HistoryRow.Pending(_pending, start, wanted, reader, concerns);
    }
}
