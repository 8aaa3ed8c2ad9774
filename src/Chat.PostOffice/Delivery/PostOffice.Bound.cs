using ErlChat.Mailboxes;

namespace ErlChat.Delivery;

/// <content>The limit of all mailboxes together.</content>
public sealed partial class PostOffice
{
    private long _dropped;

    /// <summary>Estimated bytes of the mail that all mailboxes hold. Mail held by several mailboxes counts once.</summary>
    public long HeldBytes => _environment.HeldBytes;

    /// <summary>How many mailboxes have been emptied since the start because all mailboxes together held too much.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>
    /// If the mailboxes hold too much, empties those that free the most memory, until an eighth of the limit is free again. Mail that many
    /// mailboxes hold counts little for each of them. Looking at ten thousand mailboxes takes a few milliseconds, and happens at most once
    /// per that eighth of new mail.
    /// </summary>
    private void EnforceLimit()
    {
        if (_environment.HeldBytes <= Options.MaxMailboxBytesTotal)
            return;
        long target = Options.MaxMailboxBytesTotal / 8 * 7;
        foreach ((Mailbox box, _) in _boxes.Values.Select(box => (Box: box, Share: box.Share())).OrderByDescending(one => one.Share))
        {
            if (_environment.HeldBytes <= target)
                return;
            box.Drop();
            Interlocked.Increment(ref _dropped);
        }
    }
}
