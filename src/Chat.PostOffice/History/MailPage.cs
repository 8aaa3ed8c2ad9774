using System.Collections;
using ErlChat.Mailboxes;

namespace ErlChat.History;

/// <summary>A page of history: the items next to its beginning that match and fit, oldest first.</summary>
/// <remarks>Immutable.</remarks>
public sealed class MailPage(IReadOnlyList<Mail> items, bool more, bool newer = false) : IReadOnlyList<Mail>
{
    /// <summary>Whether there are older items before the first one of this page.</summary>
    public bool More { get; } = more;

    /// <summary>
    /// Whether there are newer items after the last one of this page. Of a page that was read backwards, this is not known: false.
    /// </summary>
    public bool Newer { get; } = newer;

    public int Count => items.Count;

    public Mail this[int index] => items[index];

    /// <summary>The same page with other items in the places of these.</summary>
    public MailPage With(IReadOnlyList<Mail> others) => new(others, More, Newer);

    public IEnumerator<Mail> GetEnumerator() => items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
