using System.Text;
using ErlChat.Mailboxes;
using ErlChat.Postings;

namespace ErlChat.History;

/// <summary>Collects a page of history, newest first, until it is full: whoever reads can stop there, and need not read what nobody will be given. Not thread-safe.</summary>
public sealed class PageBuilder(PageSize size)
{
    private const int Frame = 100;

    private readonly List<Mail> _items = [];
    private long _bytes;
    private bool _isFull;

    /// <summary>Adds the next older item; false when it does not fit, and the page is at its end.</summary>
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

    /// <summary>The page; <paramref name="more"/> when the reader knows of older items that it did not offer.</summary>
    public MailPage Build(bool more = false)
    {
        _items.Reverse();
        return new MailPage(_items, _isFull || more);
    }

    private static int BytesOf(MailContent content) => Frame + content switch
    {
        TopicChanged topic => Encoding.UTF8.GetByteCount(topic.Topic),
        { Words: { } words } => Encoding.UTF8.GetByteCount(words),
        _ => content.TextLength * 3,
    };
}
