using ErlChat.Forgetting;
using ErlChat.Log;
using ErlChat.Members;
using ErlChat.Serialization;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Entries;
using ErlChat.Sqlite.History;
using ErlChat.Sqlite.Log;
using ErlChat.Sqlite.Snapshots;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.Forgetting;

/// <inheritdoc/>
/// <remarks>Works in batches; appends run between them.</remarks>
internal sealed class SqlitePrivacy(
    ChatDatabase database, SqliteHistory history, SqliteSnapshots snapshots, ICredentialStore credentials) : IStoredPrivacy
{
    /// <summary>The number of entries that are read at once, and of those that are changed in one transaction: some milliseconds.</summary>
    private const int Batch = 250;

    /// <summary>The number of entries that are looked through at once for something to do: some milliseconds.</summary>
    private const int Span = 20_000;

    /// <summary>Up to here, there is nothing to do.</summary>
    private long _looked;

    public async ValueTask<bool> HasAddressesAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        database.IsOpen && await database.Readers.UseAsync(
            connection => connection.Scalar<object>(
                $"""
                SELECT at FROM entry WHERE sequence > coalesce((SELECT value FROM meta WHERE key = '{RedactionSql.AddressesThrough}'), 0)
                AND kind IN ({RedactionSql.KindsWithAddresses}) ORDER BY sequence LIMIT 1
                """) is long at && UnixTime.At(at) < before,
            cancellationToken);

    public async ValueTask<PrivacyStep> StepAsync(Func<long, Erased, bool> wasErased, CancellationToken cancellationToken)
    {
        if (!database.IsOpen)
            return PrivacyStep.Idle;
        List<LogEntry> wanted = await FindAsync(cancellationToken);
        if (wanted.Count == 0)
            return PrivacyStep.Idle;
        long snapshot = await database.Readers.UseAsync(
            static connection => connection.Scalar<long>("SELECT max(sequence) FROM snapshot"), cancellationToken);
        wanted.RemoveAll(one => one.Sequence > snapshot);
        if (wanted.Count == 0)
        {
            snapshots.RequestSnapshot(now: true);
            return PrivacyStep.NeedsSnapshot;
        }

        // First what a start must not use any more: it would fold entries without their contents.
        long through = wanted[^1].Sequence;
        await RunAsync(connection => RedactionSql.Begin(connection, through));
        foreach (LogEntry one in wanted)
        {
            if (one.Entry is Erased erased && wasErased(one.Sequence, erased))
                await EraseAsync(erased, one.Sequence, cancellationToken);
        }

        if (wanted.FindLast(static one => one.Entry is ForgotAddresses).Entry is ForgotAddresses forgot)
            await ForgetAsync(forgot.Before, through, cancellationToken);
        await RunAsync(connection => RedactionSql.SetMeta(connection, RedactionSql.Through, through));
        return PrivacyStep.Working;
    }

    /// <summary>The entries that ask for something and have not been carried out, at most a hundred.</summary>
    private async Task<List<LogEntry>> FindAsync(CancellationToken cancellationToken)
    {
        var found = new List<LogEntry>();
        long after = Math.Max(_looked, await database.Readers.UseAsync(
            static connection => RedactionSql.Meta(connection, RedactionSql.Through), cancellationToken));
        while (found.Count < 100)
        {
            (long last, List<StoredEntry> some) = await database.Readers.UseAsync(
                connection => RedactionSql.Find(connection, after, Span), cancellationToken);
            if (last == 0)
                break;
            found.AddRange(some.Where(static one => one.IsSound).Select(static one => new LogEntry(one.Sequence, one.Entry!)));
            after = last;
            if (found.Count == 0)
                _looked = after;
        }

        return found;
    }

    private async Task EraseAsync(Erased erased, long through, CancellationToken cancellationToken)
    {
        await credentials.EraseAsync(erased.UserId);
        await history.WithoutDamageAsync(() => EraseMessagesAsync(erased, through, cancellationToken));
        var person = new PersonRedaction(erased);
        await RedactAsync(erased.Since, through, RedactionSql.AllKinds, person.Of, cancellationToken);
    }

    /// <returns>The number of copies of private messages that only the person could read.</returns>
    private async Task<int> EraseMessagesAsync(Erased erased, long through, CancellationToken cancellationToken)
    {
        for (long from = erased.Since; from <= through;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            from = await RunAsync(connection => RedactionSql.EraseMessages(connection, erased, from, through));
        }

        return await RunAsync(connection => connection.Execute(
            "DELETE FROM participant WHERE session = $session", ("$session", ErlChat.History.HistoryRow.KeyOf(erased.Person))));
    }

    private async Task ForgetAsync(DateTimeOffset before, long through, CancellationToken cancellationToken)
    {
        long from = await database.Readers.UseAsync(
            static connection => RedactionSql.Meta(connection, RedactionSql.AddressesThrough) + 1, cancellationToken);

        // In the order of the entries, so that one number says how far they are done. Those behind a young one are due soon.
        long done = await RedactAsync(
            from,
            through,
            RedactionSql.KindsWithAddresses,
            Redaction.WithoutAddress,
            cancellationToken,
            entry => entry.At >= before);
        await RunAsync(connection => RedactionSql.SetMeta(connection, RedactionSql.AddressesThrough, done));
    }

    /// <summary>Changes entries between two sequences.</summary>
    /// <param name="kinds">The kinds to look at, as SQL.</param>
    /// <param name="redact">What an entry is replaced by; null if it stays.</param>
    /// <param name="ends">Whether to end before an entry; null for not at all.</param>
    /// <returns>Up to where it is done.</returns>
    private async Task<long> RedactAsync(
        long from,
        long through,
        string kinds,
        Func<Entry, Entry?> redact,
        CancellationToken cancellationToken,
        Func<Entry, bool>? ends = null)
    {
        while (true)
        {
            List<StoredEntry> page = await database.Readers.UseAsync(
                connection => RedactionSql.Page(connection, from, through, kinds, Batch), cancellationToken);
            if (page.Count == 0)
                return through;
            int end = ends is null ? -1 : page.FindIndex(one => one.IsSound && ends(one.Entry!));
            List<(long Sequence, EntryRow Row)> changes =
            [
                .. page.Take(end < 0 ? page.Count : end)
                    .Where(static one => one.IsSound)
                    .Select(one => (one.Sequence, Entry: redact(one.Entry!)))
                    .Where(static one => one.Entry is not null)
                    .Select(static one => (one.Sequence, EntryCodec.Encode(one.Entry!))),
            ];
            if (changes.Count > 0)
                await RunAsync(connection => RedactionSql.Update(connection, changes));
            if (end >= 0)
                return page[end].Sequence - 1;
            from = page[^1].Sequence + 1;
        }
    }

    private Task<T> RunAsync<T>(Func<SqliteConnection, T> work) =>
        database.Writer.RunAsync(connection => connection.Overwriting(work));
}
