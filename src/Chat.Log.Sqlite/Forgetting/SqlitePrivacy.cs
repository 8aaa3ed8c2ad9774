using ErlChat.Forgetting;
using ErlChat.History;
using ErlChat.Log;
using ErlChat.Members;
using ErlChat.Serialization;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.History;
using ErlChat.Sqlite.Log;
using ErlChat.Sqlite.Snapshots;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.Forgetting;

/// <summary>Removes from the tables of SQLite what the log says is to be forgotten.</summary>
internal sealed class SqlitePrivacy(
    ChatDatabase database, SqliteHistory history, SqliteSnapshots snapshots, ICredentialStore credentials) : StoredPrivacy
{
    /// <summary>The number of entries that are read at once, and of those that are changed in one transaction: some milliseconds.</summary>
    private const int Batch = 250;

    protected override bool IsOpen => database.IsOpen;

    protected override ValueTask<DateTimeOffset?> OldestAddressAsync(CancellationToken cancellationToken) =>
        database.Readers.UseAsync(RedactionSql.OldestAddress, cancellationToken);

    protected override ValueTask<long> MetaAsync(string key, CancellationToken cancellationToken) =>
        database.Readers.UseAsync(connection => RedactionSql.Meta(connection, key), cancellationToken);

    protected override async ValueTask SetMetaAsync(string key, long value, CancellationToken cancellationToken) =>
        await RunAsync(connection => RedactionSql.SetMeta(connection, key, value));

    protected override ValueTask<(long Last, List<(long Sequence, Entry? Entry)> Found)> LookAsync(
        long after, int count, IReadOnlyList<string> kinds, CancellationToken cancellationToken) =>
        database.Readers.UseAsync(connection => RedactionSql.Find(connection, after, count, kinds), cancellationToken);

    protected override ValueTask<StoredEdits> EditsAsync(long message, CancellationToken cancellationToken) =>
        database.Readers.UseAsync(connection => RedactionSql.Edits(connection, message), cancellationToken);

    protected override ValueTask<long> NewestSnapshotAsync(CancellationToken cancellationToken) => database.Readers.UseAsync(
        static connection => connection.Scalar<long>("SELECT max(sequence) FROM snapshot"), cancellationToken);

    protected override void RequestSnapshot() => snapshots.RequestSnapshot(now: true);

    protected override async ValueTask<bool> BeginAsync(long through, CancellationToken cancellationToken)
    {
        await RunAsync(connection => RedactionSql.Begin(connection, through));
        return true;
    }

    protected override async ValueTask EraseAsync(Erased erased, long through, CancellationToken cancellationToken)
    {
        await credentials.EraseAsync(erased.UserId);
        await history.WithoutDamageAsync(() => EraseMessagesAsync(erased, through, cancellationToken));
    }

    protected override ValueTask<List<(long Sequence, Entry? Entry)>> PageAsync(
        long from, long through, IReadOnlyList<string>? kinds, CancellationToken cancellationToken) =>
        database.Readers.UseAsync(connection => RedactionSql.Page(connection, from, through, kinds, Batch), cancellationToken);

    protected override async ValueTask UpdateAsync(IReadOnlyList<LogEntry> changes, CancellationToken cancellationToken)
    {
        (long Sequence, EntryRow Row)[] rows = [.. changes.Select(static one => (one.Sequence, EntryCodec.Encode(one.Entry)))];
        await RunAsync(connection => RedactionSql.Update(connection, rows));
    }

    /// <returns>The number of copies of private messages that only the person could read.</returns>
    private async Task<int> EraseMessagesAsync(Erased erased, long through, CancellationToken cancellationToken)
    {
        for (long from = erased.Since; from <= through;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            from = await RunAsync(connection => RedactionSql.EraseMessages(connection, erased, from, through));
        }

        await RunAsync(connection => connection.Execute("DELETE FROM reaction WHERE user_id = $user", ("$user", erased.UserId)));
        return await RunAsync(connection => connection.Execute(
            "DELETE FROM participant WHERE session = $session", ("$session", HistoryRow.KeyOf(erased.Person))));
    }

    private Task<T> RunAsync<T>(Func<SqliteConnection, T> work) =>
        database.Writer.RunAsync(connection => connection.Overwriting(work));
}
