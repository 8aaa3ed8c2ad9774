using System.Text;
using ErlChat.Mailboxes;
using ErlChat.Postings;

namespace ErlChat.History;

/// <summary>
/// Collects a page of history, newest first, until it is full. The reader can stop there and does not read what would not be returned. Not
/// thread-safe.
/// </summary>
public sealed class PageBuilder(PageSize size)
{
    private const int Frame = 100;

    private readonly List<Mail> _items = [];
    private long _bytes;
    private bool _isFull;

    /// <summary>Adds the next older item; false if it does not fit, which ends the page.</summary>
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

    /// <summary>Returns the page. <paramref name="more"/> says that there are older items that were not offered.</summary>
    public MailPage Build(bool more = false)
    {
        _items.Reverse();
        return new MailPage(_items, _isFull || more);
    }

    /// <summary>One page of what is still in memory and a page of what is written. A message may be in both.</summary>
    public static MailPage Merge(IReadOnlyCollection<Mail> fresh, MailPage written, PageSize size)
    {
        ArgumentNullException.ThrowIfNull(fresh);
        ArgumentNullException.ThrowIfNull(written);
        if (fresh.Count == 0)
            return written;
        var page = new PageBuilder(size);
        foreach (Mail mail in written.Concat(fresh).DistinctBy(mail => mail.Sequence).OrderByDescending(mail => mail.Sequence))
        {
            if (!page.TryAdd(mail))
                break;
        }

        return page.Build(written.More);
    }

    private static int BytesOf(MailContent content) => Frame + content switch
    {
        TopicChanged topic => Encoding.UTF8.GetByteCount(topic.Topic),
        { Words: { } words } => Encoding.UTF8.GetByteCount(words),
        _ => content.TextLength * 3,
    };
}
