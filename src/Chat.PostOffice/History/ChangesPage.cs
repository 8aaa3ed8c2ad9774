using ErlChat.Mailboxes;

namespace ErlChat.History;

/// <summary>A page of messages that were edited or deleted: the first changes after an entry, oldest first.</summary>
/// <param name="Items">The messages as they are now.</param>
/// <param name="More">Whether there are newer changes after the last one of this page.</param>
public sealed record ChangesPage(IReadOnlyList<Mail> Items, bool More)
{
    /// <summary>A page of messages that are offered in the order of their changes.</summary>
    /// <param name="inOrder">Distinct messages, oldest change first.</param>
    /// <param name="size">The limits of the page.</param>
    public static ChangesPage Of(IEnumerable<Mail> inOrder, PageSize size)
    {
        ArgumentNullException.ThrowIfNull(inOrder);
        var page = new PageBuilder(size);
        foreach (Mail mail in inOrder)
        {
            if (!page.TryAdd(mail))
                break;
        }

        MailPage built = page.Build();
        return new ChangesPage([.. built.Reverse()], built.More);
    }
}
