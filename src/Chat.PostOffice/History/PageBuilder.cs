using System.Text;
using ErlChat.Mailboxes;
using ErlChat.Postings;

namespace ErlChat.History;

/// <summary>
/// Collects a page of history until it is full. The reader can stop there and does not read what would not be returned. Not thread-safe.
/// </summary>
/// <param name="size">The limits of the page.</param>
/// <param name="isUpward">Whether it is collected from the oldest item on; otherwise from the newest.</param>
public sealed class PageBuilder(PageSize size, bool isUpward = false)
{
    private const int Frame = 100;

    private readonly List<Mail> _items = [];
    private long _bytes;
    private bool _isFull;

    /// <summary>Adds the next item; false if it does not fit, which ends the page.</summary>
    public bool TryAdd(Mail mail)
    {
        ArgumentNullException.ThrowIfNull(mail);
        int bytes = BytesOf(mail.Content);
        if (_isFull || _items.Count >= size.Items || (_items.Count > 0 && _bytes + bytes > size.Bytes))
        {
            _isFull = true;
            return false;
        }

        _items.Add(mail);
        _bytes += bytes;
        return true;
    }

    /// <summary>Returns the page. <paramref name="more"/> says that there are further items that were not offered.</summary>
    public MailPage Build(bool more = false)
    {
        if (isUpward)
            return new MailPage(_items, more: false, newer: _isFull || more);
        _items.Reverse();
        return new MailPage(_items, _isFull || more);
    }

    /// <summary>A page of items that are offered in the order in which it is read, as many as fit.</summary>
    /// <param name="inOrder">The items.</param>
    /// <param name="more">Whether there are further ones that are not offered.</param>
    /// <inheritdoc cref="PageBuilder(PageSize, bool)" path="/param"/>
    public static MailPage Of(IEnumerable<Mail> inOrder, PageSize size, bool isUpward = false, bool more = false)
    {
        ArgumentNullException.ThrowIfNull(inOrder);
        var page = new PageBuilder(size, isUpward);
        foreach (Mail mail in inOrder)
        {
            if (!page.TryAdd(mail))
                break;
        }

        return page.Build(more);
    }

    /// <summary>One page of what is still in memory and a page of what is written. A message may be in both.</summary>
    /// <param name="fresh">What is in memory.</param>
    /// <param name="written">The page of what is written.</param>
    /// <inheritdoc cref="PageBuilder(PageSize, bool)" path="/param"/>
    public static MailPage Merge(IReadOnlyCollection<Mail> fresh, MailPage written, PageSize size, bool isUpward = false)
    {
        ArgumentNullException.ThrowIfNull(fresh);
        ArgumentNullException.ThrowIfNull(written);
        if (fresh.Count == 0)
            return written;
        IEnumerable<Mail> all = written.Concat(fresh).DistinctBy(static mail => mail.Sequence);
        if (!isUpward)
            return Of(all.OrderByDescending(static mail => mail.Sequence), size, more: written.More);

        // What follows a full page of the tables is left to the next one, or it would skip what was not read.
        long last = written.Newer ? written[^1].Sequence : long.MaxValue;
        IEnumerable<Mail> next = all.Where(mail => mail.Sequence <= last).OrderBy(static mail => mail.Sequence);
        return Of(next, size, isUpward: true, more: written.Newer);
    }

    private static int BytesOf(MailContent content) => Frame + content switch
    {
        TopicChanged topic => Encoding.UTF8.GetByteCount(topic.Topic),
        { Words: { } words } => Encoding.UTF8.GetByteCount(words),
        _ => content.TextLength * 3,
    };
}
