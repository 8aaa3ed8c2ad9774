using System.Collections;
using ErlChat.Mailboxes;

namespace ErlChat.History;

/// <summary>A page of history: the newest items that were asked for and fit, oldest first.</summary>
/// <remarks>Immutable.</remarks>
public sealed class MailPage(IReadOnlyList<Mail> items, bool more) : IReadOnlyList<Mail>
{
    /// <summary>Whether there are older items, below the first one of this page.</summary>
    public bool More { get; } = more;

    public int Count => items.Count;

    public Mail this[int index] => items[index];

    public IEnumerator<Mail> GetEnumerator() => items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
