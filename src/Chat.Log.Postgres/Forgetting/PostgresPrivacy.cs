using ErlChat.Forgetting;
using ErlChat.History;
using ErlChat.Log;
using ErlChat.Members;
using ErlChat.Nodes;
using ErlChat.Postgres.Connections;
using ErlChat.Postgres.Nodes;
using ErlChat.Postgres.Snapshots;
using ErlChat.Serialization;
using Npgsql;

namespace ErlChat.Postgres.Forgetting;

/// <inheritdoc/>
/// <remarks>
/// On the node that leads <see cref="ElectedWork.Snapshots"/>. It waits until all live nodes have applied what is to be changed, and one
/// check longer, so that a node that starts at the moment folds what the others have folded.
/// </remarks>
internal sealed class PostgresPrivacy(Primary primary, PostgresSnapshots snapshots, ILeases leases, ICredentialStore credentials)
    : IStoredPrivacy
{
    /// <summary>Entries that are read, and messages that are changed, in one statement.</summary>
    private const int Batch = 500;

    /// <summary>How many entries are looked through at once for something to do.</summary>
    private const int Span = 20_000;

    /// <summary>Up to here, there is nothing to do.</summary>
    private long _looked;

    public async ValueTask<bool> HasAddressesAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        await AnsweredAsync(RedactionSql.OldestAddressAsync, cancellationToken) is { } at && UnixTime.At(at) < before;

    public async ValueTask<PrivacyStep> StepAsync(Func<long, Erased, bool> wasErased, CancellationToken cancellationToken)
    {
        List<LogEntry> wanted = await FindAsync(cancellationToken);
        if (wanted.Count == 0)
            return PrivacyStep.Idle;
        long snapshot = await AnsweredAsync(RedactionSql.NewestSnapshotAsync, cancellationToken);
        wanted.RemoveAll(one => one.Sequence > snapshot);
        if (wanted.Count == 0)
        {
            snapshots.RequestSnapshot(now: true);
            return PrivacyStep.NeedsSnapshot;
        }

        long through = wanted[^1].Sequence;
        if (leases.TermOf(ElectedWork.Snapshots) is not { } term
            || await AnsweredAsync(RedactionSql.AppliedByAllAsync, cancellationToken) < through
            || await AnsweredAsync(connection => RedactionSql.BeginAsync(connection, through, term), cancellationToken))
        {
            return PrivacyStep.Working;
        }

        foreach (LogEntry one in wanted)
        {
            if (one.Entry is Erased erased && wasErased(one.Sequence, erased))
                await EraseAsync(erased, one.Sequence, cancellationToken);
        }

        if (wanted.FindLast(static one => one.Entry is ForgotAddresses).Entry is ForgotAddresses forgot)
            await ForgetAsync(forgot.Before, through, cancellationToken);
        await AnsweredAsync(connection => RedactionSql.SetMetaAsync(connection, RedactionSql.Through, through), cancellationToken);
        return PrivacyStep.Working;
    }

    /// <summary>The entries that ask for something and have not been carried out, at most a hundred.</summary>
    private async Task<List<LogEntry>> FindAsync(CancellationToken cancellationToken)
    {
        var found = new List<LogEntry>();
        long after = Math.Max(_looked, await AnsweredAsync(
            static connection => RedactionSql.MetaAsync(connection, RedactionSql.Through), cancellationToken));
        while (found.Count < 100)
        {
            (long last, List<(long Sequence, Entry? Entry)> some) = await AnsweredAsync(
                connection => RedactionSql.FindAsync(connection, after, Span), cancellationToken);
            if (last == 0)
                break;
            found.AddRange(some.Where(static one => one.Entry is not null).Select(static one => new LogEntry(one.Sequence, one.Entry!)));
            after = last;
            if (found.Count == 0)
                _looked = after;
        }

        return found;
    }

    private async Task EraseAsync(Erased erased, long through, CancellationToken cancellationToken)
    {
        await credentials.EraseAsync(erased.UserId);
        for (long from = erased.Since; from <= through;)
        {
            long first = from;
            from = await AnsweredAsync(
                connection => RedactionSql.EraseMessagesAsync(connection, erased, first, through, Batch), cancellationToken);
        }

        await AnsweredAsync(
            connection => RedactionSql.RemoveCopiesAsync(connection, HistoryRow.KeyOf(erased.Person)), cancellationToken);
        var person = new PersonRedaction(erased);
        await RedactAsync(erased.Since, through, kinds: null, person.Of, cancellationToken);
    }

    private async Task ForgetAsync(DateTimeOffset before, long through, CancellationToken cancellationToken)
    {
        long from = await AnsweredAsync(
            static connection => RedactionSql.MetaAsync(connection, RedactionSql.AddressesThrough), cancellationToken) + 1;

        // In the order of the entries, so that one number says how far they are done. Those behind a young one are due soon.
        long done = await RedactAsync(
            from, through, Redaction.KindsWithAddresses, Redaction.WithoutAddress, cancellationToken, entry => entry.At >= before);
        await AnsweredAsync(connection => RedactionSql.SetMetaAsync(connection, RedactionSql.AddressesThrough, done), cancellationToken);
    }

    /// <summary>Changes entries between two sequences.</summary>
    /// <param name="kinds">The kinds to look at; null for all.</param>
    /// <param name="redact">What an entry is replaced by; null if it stays.</param>
    /// <param name="ends">Whether to end before an entry; null for not at all.</param>
    /// <returns>Up to where it is done.</returns>
    private async Task<long> RedactAsync(
        long from,
        long through,
        IReadOnlyList<string>? kinds,
        Func<Entry, Entry?> redact,
        CancellationToken cancellationToken,
        Func<Entry, bool>? ends = null)
    {
        while (true)
        {
            long first = from;
            List<(long Sequence, Entry? Entry)> page = await AnsweredAsync(
                connection => RedactionSql.PageAsync(connection, first, through, kinds, Batch), cancellationToken);
            if (page.Count == 0)
                return through;
            int end = ends is null ? -1 : page.FindIndex(one => one.Entry is { } entry && ends(entry));
            (long, string)[] changes =
            [
                .. page.Take(end < 0 ? page.Count : end)
                    .Select(one => (one.Sequence, Entry: one.Entry is { } entry ? redact(entry) : null))
                    .Where(static one => one.Entry is not null)
                    .Select(static one => (one.Sequence, EntryCodec.Encode(one.Entry!).Body)),
            ];
            if (changes.Length > 0)
                await AnsweredAsync(connection => RedactionSql.UpdateAsync(connection, changes), cancellationToken);
            if (end >= 0)
                return page[end].Sequence - 1;
            from = page[^1].Sequence + 1;
        }
    }

    private async Task<T> AnsweredAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
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
