using ErlChat.Mailboxes;

namespace ErlChat.History;

/// <summary>
/// What a read finds among the rows that are not written yet: messages, and what was done to messages that may be written already. Both
/// databases put it over what they read from their tables.
/// </summary>
/// <remarks>Immutable.</remarks>
public sealed class PendingHistory
{
    private readonly List<Mail> _fresh;
    private readonly List<Mail> _changes;

    /// <param name="fresh">The messages that the read is about, oldest first.</param>
    /// <param name="changes">All changes that the reader may know of, oldest first.</param>
    public PendingHistory(IEnumerable<Mail> fresh, IEnumerable<Mail> changes)
    {
        _changes = [.. changes];
        _fresh = [.. fresh.Select(Now)];
    }

    /// <summary>The messages, as they are now.</summary>
    public IReadOnlyList<Mail> Fresh => _fresh;

    /// <summary>A message as it is now.</summary>
    public Mail Now(Mail mail) => _changes.Aggregate(mail, static (now, change) => ChangedMessage.After(now, change) ?? now);

    /// <summary>A page of the tables together with what is not written yet.</summary>
    /// <param name="written">The page of the tables.</param>
    /// <param name="size">The limits of the page.</param>
    /// <param name="isUpward">Whether the page is read from the oldest item on.</param>
    public MailPage With(MailPage written, PageSize size, bool isUpward = false) =>
        PageBuilder.Merge(_fresh, Now(written), size, isUpward);

    /// <summary>A part of what a person wrote, from the tables, together with what is not written yet.</summary>
    public AuthorPage With(AuthorPage written)
    {
        ArgumentNullException.ThrowIfNull(written);
        return _changes.Count == 0
            ? written.With(_fresh)
            : (written with { Items = [.. written.Items.Select(Now)] }).With(_fresh);
    }

    /// <summary>
    /// What a search found in the tables together with what is not written yet: without messages whose text is another one now, and with
    /// those that match only now.
    /// </summary>
    /// <param name="written">The page of the tables.</param>
    /// <param name="query">What is searched for.</param>
    /// <param name="before">The exclusive upper limit.</param>
    public MailPage With(MailPage written, SearchQuery query, long before, PageSize size)
    {
        ArgumentNullException.ThrowIfNull(written);
        ArgumentNullException.ThrowIfNull(query);
        List<Mail> found = [.. _fresh.Where(query.Matches)];
        if (_changes.Count == 0)
            return PageBuilder.Merge(found, written, size);

        // Below the oldest item of a full page there may be others that were not read.
        long from = written.More ? written[0].Sequence : 0;
        var still = new MailPage([.. written.Select(Now).Where(query.Matches)], written.More);
        found.AddRange(Changed(_changes).Where(mail => mail.Sequence >= from && mail.Sequence < before).Where(query.Matches));
        return PageBuilder.Merge(found, still, size);
    }

    /// <summary>
    /// A page of changes from the tables together with those that are not written yet. Messages that have been changed again since are not
    /// where the tables have them, so a page may need more of the tables than one read: a page that was shorter, or empty, would end there
    /// for whoever goes on from its last item.
    /// </summary>
    /// <param name="readAfter">Reads a page of the tables: the changes after an entry.</param>
    /// <param name="since">The exclusive lower limit of the changes' sequences.</param>
    public async ValueTask<ChangesPage> WithAsync(Func<long, Task<ChangesPage>> readAfter, long since, PageSize size)
    {
        ArgumentNullException.ThrowIfNull(readAfter);
        var still = new List<Mail>();
        ChangesPage written;
        for (long after = since; ; after = SequenceOf(written.Items[^1]))
        {
            written = await readAfter(after);

            // Written once more between two reads.
            still.RemoveAll(mail => written.Items.Any(newer => newer.Sequence == mail.Sequence));
            still.AddRange(written.Items.Where(mail => ReferenceEquals(Now(mail), mail)));
            if (!written.More || still.Count >= size.Items)
                break;
        }

        // What waits is newer than all that is written, so it does not belong on a page that the tables have filled.
        IEnumerable<Mail> waiting = written.More ? [] : Changed(_changes.Where(change => change.Sequence > since));
        ChangesPage page = ChangesPage.Of(still.Concat(waiting.OrderBy(SequenceOf)).DistinctBy(static mail => mail.Sequence), size);
        return page with { More = page.More || written.More };
    }

    private MailPage Now(MailPage written) => _changes.Count == 0 ? written : written.With([.. written.Select(Now)]);

    /// <summary>The messages that changes lead to. The changes of one message are applied in their order.</summary>
    private static IEnumerable<Mail> Changed(IEnumerable<Mail> changes) => changes
        .GroupBy(static change => ChangedMessage.RefOf(change)!.Sequence)
        .Select(static same => same.Skip(1).Aggregate(
            ChangedMessage.Whole(same.First()), static (now, change) => ChangedMessage.After(now, change) ?? now));

    private static long SequenceOf(Mail mail) => ChangedMessage.ChangeOf(mail)!.Sequence;
}
