using ErlChat.Forgetting;
using ErlChat.History;
using ErlChat.Log;
using ErlChat.Members;
using ErlChat.Nodes;
using ErlChat.Postgres.Connections;
using ErlChat.Postgres.Nodes;
using ErlChat.Postgres.Snapshots;
using Npgsql;

namespace ErlChat.Postgres.Forgetting;

/// <summary>Removes from the tables of PostgreSQL what the log says is to be forgotten.</summary>
/// <remarks>
/// On the node that leads <see cref="ElectedWork.Snapshots"/>. It waits until all live nodes have applied what is to be changed, and one
/// check longer, so that a node that starts at the moment folds what the others have folded.
/// </remarks>
internal sealed class PostgresPrivacy(Primary primary, PostgresSnapshots snapshots, ILeases leases, ICredentialStore credentials)
    : StoredPrivacy
{
    /// <summary>Entries that are read, and messages that are changed, in one statement.</summary>
    private const int Batch = 500;

    protected override ValueTask<DateTimeOffset?> OldestAddressAsync(CancellationToken cancellationToken) =>
        AnsweredAsync(RedactionSql.OldestAddressAsync, cancellationToken);

    protected override ValueTask<long> MetaAsync(string key, CancellationToken cancellationToken) =>
        AnsweredAsync(connection => RedactionSql.MetaAsync(connection, key), cancellationToken);

    protected override async ValueTask SetMetaAsync(string key, long value, CancellationToken cancellationToken) =>
        await AnsweredAsync(connection => RedactionSql.SetMetaAsync(connection, key, value), cancellationToken);

    protected override ValueTask<(long Last, List<(long Sequence, Entry? Entry)> Found)> LookAsync(
        long after, int count, IReadOnlyList<string> kinds, CancellationToken cancellationToken) =>
        AnsweredAsync(connection => RedactionSql.FindAsync(connection, after, count, kinds), cancellationToken);

    protected override ValueTask<StoredEdits> EditsAsync(long message, CancellationToken cancellationToken) =>
        AnsweredAsync(connection => RedactionSql.EditsAsync(connection, message), cancellationToken);

    protected override ValueTask<long> NewestSnapshotAsync(CancellationToken cancellationToken) =>
        AnsweredAsync(RedactionSql.NewestSnapshotAsync, cancellationToken);

    protected override void RequestSnapshot() => snapshots.RequestSnapshot(now: true);

    protected override async ValueTask<bool> BeginAsync(long through, CancellationToken cancellationToken) =>
        leases.TermOf(ElectedWork.Snapshots) is { } term
        && await AnsweredAsync(RedactionSql.AppliedByAllAsync, cancellationToken) >= through
        && !await AnsweredAsync(connection => RedactionSql.BeginAsync(connection, through, term), cancellationToken);

    protected override async ValueTask EraseAsync(Erased erased, long through, CancellationToken cancellationToken)
    {
        await credentials.EraseAsync(erased.UserId);
        for (long from = erased.Since; from <= through;)
        {
            long first = from;
            from = await AnsweredAsync(
                connection => RedactionSql.EraseMessagesAsync(connection, erased, first, through, Batch), cancellationToken);
        }

        await AnsweredAsync(connection => RedactionSql.RemoveReactionsAsync(connection, erased.UserId), cancellationToken);
        await AnsweredAsync(
            connection => RedactionSql.RemoveCopiesAsync(connection, HistoryRow.KeyOf(erased.Person)), cancellationToken);
    }

    protected override ValueTask<List<(long Sequence, Entry? Entry)>> PageAsync(
        long from, long through, IReadOnlyList<string>? kinds, CancellationToken cancellationToken) =>
        AnsweredAsync(connection => RedactionSql.PageAsync(connection, from, through, kinds, Batch), cancellationToken);

    protected override async ValueTask UpdateAsync(IReadOnlyList<LogEntry> changes, CancellationToken cancellationToken) =>
        await AnsweredAsync(connection => RedactionSql.UpdateAsync(connection, changes), cancellationToken);

    private async ValueTask<T> AnsweredAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await primary.UseAsync(work, cancellationToken);
        }
        catch (NpgsqlException e)
        {
            throw new IOException(e.Message, e);
        }
    }
}
