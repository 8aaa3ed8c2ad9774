using ErlChat.Log;

namespace ErlChat.Forgetting;

/// <summary>
/// The work of all databases: it finds what the log asks for, waits for the snapshot, and goes through the entries in batches, so that
/// appends run between them. A derived class reads and writes.
/// </summary>
/// <remarks>Not thread-safe: one call at a time.</remarks>
public abstract class StoredPrivacy : IStoredPrivacy
{
    /// <summary>The key in <c>meta</c> of the sequence up to which all that was asked for is done.</summary>
    public const string RedactedThrough = "redacted_through";

    /// <summary>The key in <c>meta</c> of the sequence up to which entries have no addresses.</summary>
    public const string AddressesThrough = "addresses_through";

    /// <summary>The key in <c>meta</c> of the sequence up to which deleted messages, and their edits, have no text.</summary>
    public const string TextsThrough = "texts_through";

    /// <summary>The key in <c>meta</c> of the sequence up to which the history is written.</summary>
    private const string HistoryThrough = "history_through";

    private static readonly string[] s_requests = ["erased", "forgot_addresses"];
    private static readonly string[] s_changes = ["message_deleted", "message_edited"];

    /// <summary>How many entries are looked through at once for something to do: some milliseconds.</summary>
    private const int Span = 20_000;

    /// <summary>How many entries that ask for something are enough to begin with them.</summary>
    private const int Enough = 100;

    /// <summary>Up to here, there is nothing to do.</summary>
    private long _looked;

    /// <summary>Up to here, deleted messages have no text.</summary>
    private long _withoutTexts;

    /// <summary>Whether the database can be used yet.</summary>
    protected virtual bool IsOpen => true;

    public async ValueTask<bool> HasAddressesAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        IsOpen && await OldestAddressAsync(cancellationToken) < before;

    public async ValueTask<PrivacyStep> StepAsync(Func<long, Erased, bool> wasErased, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wasErased);
        if (!IsOpen)
            return PrivacyStep.Idle;

        // The step's result does not tell of these: where messages are always being deleted, no address would ever be forgotten.
        await RemoveTextsAsync(cancellationToken);
        List<LogEntry> wanted = await FindAsync(cancellationToken);
        if (wanted.Count == 0)
            return PrivacyStep.Idle;
        long snapshot = await NewestSnapshotAsync(cancellationToken);
        wanted.RemoveAll(one => one.Sequence > snapshot);
        if (wanted.Count == 0)
        {
            RequestSnapshot();
            return PrivacyStep.NeedsSnapshot;
        }

        // First what a start must not use any more: it would fold entries without their contents.
        long through = wanted[^1].Sequence;
        if (!await BeginAsync(through, cancellationToken))
            return PrivacyStep.Working;
        foreach (LogEntry one in wanted)
        {
            if (one.Entry is Erased erased && wasErased(one.Sequence, erased))
            {
                await EraseAsync(erased, one.Sequence, cancellationToken);
                await RedactAsync(erased.Since, one.Sequence, kinds: null, new PersonRedaction(erased).Of, cancellationToken);
            }
        }

        if (wanted.FindLast(static one => one.Entry is ForgotAddresses).Entry is ForgotAddresses forgot)
            await ForgetAsync(forgot.Before, through, cancellationToken);
        await SetMetaAsync(RedactedThrough, through, cancellationToken);
        return PrivacyStep.Working;
    }

    /// <summary>The time of the first entry that may have an address; null if there is none.</summary>
    protected abstract ValueTask<DateTimeOffset?> OldestAddressAsync(CancellationToken cancellationToken);

    /// <summary>A number in <c>meta</c>; 0 if it is not there.</summary>
    protected abstract ValueTask<long> MetaAsync(string key, CancellationToken cancellationToken);

    /// <summary>Sets a number in <c>meta</c>.</summary>
    protected abstract ValueTask SetMetaAsync(string key, long value, CancellationToken cancellationToken);

    /// <summary>Looks through a number of entries for some kinds.</summary>
    /// <returns>The last of them, 0 if there is none; and those of these kinds, without entry if it cannot be read.</returns>
    protected abstract ValueTask<(long Last, List<(long Sequence, Entry? Entry)> Found)> LookAsync(
        long after, int count, IReadOnlyList<string> kinds, CancellationToken cancellationToken);

    /// <summary>What the history has of a message.</summary>
    protected abstract ValueTask<StoredEdits> EditsAsync(long message, CancellationToken cancellationToken);

    /// <summary>The sequence of the newest snapshot; 0 if there is none.</summary>
    protected abstract ValueTask<long> NewestSnapshotAsync(CancellationToken cancellationToken);

    /// <summary>Asks for a snapshot at the next entry.</summary>
    protected abstract void RequestSnapshot();

    /// <summary>Removes the snapshots before an entry, and has starts use one that is not older.</summary>
    /// <returns>Whether entries may be changed now; if not, the next step asks again.</returns>
    protected abstract ValueTask<bool> BeginAsync(long through, CancellationToken cancellationToken);

    /// <summary>Removes a person from all tables but the log.</summary>
    protected abstract ValueTask EraseAsync(Erased erased, long through, CancellationToken cancellationToken);

    /// <summary>The first entries between two sequences, as many as are to be changed at once.</summary>
    /// <param name="kinds">The kinds to look at; null for all.</param>
    /// <returns>Also those that cannot be read, without entry. Empty only if there are none.</returns>
    protected abstract ValueTask<List<(long Sequence, Entry? Entry)>> PageAsync(
        long from, long through, IReadOnlyList<string>? kinds, CancellationToken cancellationToken);

    /// <summary>Replaces entries.</summary>
    protected abstract ValueTask UpdateAsync(IReadOnlyList<LogEntry> changes, CancellationToken cancellationToken);

    /// <summary>The first entries that ask for something and have not been carried out.</summary>
    private async Task<List<LogEntry>> FindAsync(CancellationToken cancellationToken)
    {
        var found = new List<LogEntry>();
        long after = Math.Max(_looked, await MetaAsync(RedactedThrough, cancellationToken));
        while (found.Count < Enough)
        {
            (long last, List<(long Sequence, Entry? Entry)> some) = await LookAsync(
                after, Span, s_requests, cancellationToken);
            if (last == 0)
                break;
            found.AddRange(some.Where(static one => one.Entry is not null).Select(static one => new LogEntry(one.Sequence, one.Entry!)));
            after = last;
            if (found.Count == 0)
                _looked = after;
        }

        return found;
    }

    /// <summary>
    /// Removes the texts of deleted messages. No snapshot is needed for that, since the fold does not look at texts. Whether it accepted a
    /// deletion or an edit is in the history, which knows the outcome of all entries up to the last one that it has written.
    /// </summary>
    private async Task RemoveTextsAsync(CancellationToken cancellationToken)
    {
        long through = await MetaAsync(HistoryThrough, cancellationToken);
        long after = Math.Max(_withoutTexts, await MetaAsync(TextsThrough, cancellationToken));
        while (after < through)
        {
            (long last, List<(long Sequence, Entry? Entry)> some) = await LookAsync(after, Span, s_changes, cancellationToken);
            if (last == 0)
                break;
            after = Math.Min(last, through);
            foreach ((long sequence, Entry? entry) in some)
            {
                if (sequence <= through && entry is MessageEntry change)
                    await RemoveTextAsync(sequence, change, cancellationToken);
            }

            if (some.Count > 0)
                await SetMetaAsync(TextsThrough, after, cancellationToken);
        }

        _withoutTexts = after;
    }

    private async Task RemoveTextAsync(long sequence, MessageEntry change, CancellationToken cancellationToken)
    {
        StoredEdits stored = await EditsAsync(change.Message, cancellationToken);
        bool isKept = stored.IsThere && (change is MessageDeleted || stored.Edits.Contains(sequence));
        if (isKept || (!stored.IsThere && !stored.IsRemoved))
            return;

        // Also the text of an edit that was refused. Nobody has seen it.
        foreach (long one in stored.IsThere ? [sequence] : (long[])[change.Message, .. stored.Edits, sequence])
        {
            List<(long Sequence, Entry? Entry)> found = await PageAsync(one, one, kinds: null, cancellationToken);
            await ReplaceAsync(found, Redaction.WithoutMessage, cancellationToken);
        }
    }

    private async Task ForgetAsync(DateTimeOffset before, long through, CancellationToken cancellationToken)
    {
        long from = await MetaAsync(AddressesThrough, cancellationToken) + 1;

        // In the order of the entries, so that one number says how far they are done. Those behind a young one are due soon.
        long done = await RedactAsync(
            from, through, Redaction.KindsWithAddresses, Redaction.WithoutAddress, cancellationToken, entry => entry.At >= before);
        await SetMetaAsync(AddressesThrough, done, cancellationToken);
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
            List<(long Sequence, Entry? Entry)> page = await PageAsync(from, through, kinds, cancellationToken);
            if (page.Count == 0)
                return through;
            int end = ends is null ? -1 : page.FindIndex(one => one.Entry is { } entry && ends(entry));
            await ReplaceAsync(page.Take(end < 0 ? page.Count : end), redact, cancellationToken);
            if (end >= 0)
                return page[end].Sequence - 1;
            from = page[^1].Sequence + 1;
        }
    }

    private async Task ReplaceAsync(
        IEnumerable<(long Sequence, Entry? Entry)> entries, Func<Entry, Entry?> redact, CancellationToken cancellationToken)
    {
        LogEntry[] changes =
        [
            .. entries
                .Select(one => (one.Sequence, Entry: one.Entry is { } entry ? redact(entry) : null))
                .Where(static one => one.Entry is not null)
                .Select(static one => new LogEntry(one.Sequence, one.Entry!)),
        ];
        if (changes.Length > 0)
            await UpdateAsync(changes, cancellationToken);
    }
}
