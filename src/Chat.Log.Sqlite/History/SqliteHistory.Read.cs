using ErlChat.History;
using ErlChat.Log;
using ErlChat.Mailboxes;
using ErlChat.Sessions;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.History;

/// <content>Reads both the tables and the rows that are not written yet.</content>
internal sealed partial class SqliteHistory
{
    public async ValueTask<MailPage> ReadAsync(string room, long before, PageSize size, CancellationToken cancellationToken)
    {
        List<Mail> fresh = Fresh(before, row => row.IsIn(room));
        MailPage written = await _database.Readers.UseAsync(
            connection => HistorySelect.Room(connection, room, before, size), cancellationToken);
        return PageBuilder.Merge(fresh, written, size);
    }

    public async ValueTask<MailPage> ReadPrivateAsync(
        SessionKey reader, Correspondent with, long before, PageSize size, CancellationToken cancellationToken)
    {
        List<Mail> fresh = Fresh(before, row => row.IsOf(reader, with));
        MailPage written = await _database.Readers.UseAsync(
            connection => HistorySelect.Private(connection, reader, with, before, size), cancellationToken);
        return PageBuilder.Merge(fresh, written, size);
    }

    public async ValueTask<AuthorPage> ReadOfAsync(string userId, long before, CancellationToken cancellationToken)
    {
        List<Mail> fresh = Fresh(before, row => row.IsBy(userId));
        AuthorPage written = await _database.Readers.UseAsync(
            connection => HistorySelect.Of(connection, userId, before), cancellationToken);
        return written.With(fresh);
    }

    public async ValueTask<MailPage> SearchAsync(
        SearchQuery query, SearchScope scope, long before, PageSize size, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(scope);

        // Searched outside the lock, since a search takes longer than a message may wait.
        List<Mail> fresh = Fresh(before, row => row.IsIn(scope));
        fresh.RemoveAll(mail => mail.Content.Words is not { } words || !query.Matches(words));
        try
        {
            MailPage written = await _searches.RunAsync(
                connection => HistorySelect.Search(connection, query, scope, before, size), cancellationToken);
            return PageBuilder.Merge(fresh, written, size);
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

    private List<Mail> Fresh(long before, Func<HistoryRow, bool> wanted)
    {
        lock (_gate)
            return [.. _pending.Where(row => row.Mail.Sequence < before && wanted(row)).Select(row => row.Mail)];
    }
}
