using ErlChat.Mailboxes;

namespace ErlChat.Delivery;

/// <content>The bound of all mailboxes together.</content>
public sealed partial class PostOffice
{
    private long _dropped;

    /// <summary>Estimated bytes of the mail that mailboxes hold; what many hold counts once.</summary>
    public long HeldBytes => _environment.HeldBytes;

    /// <summary>Mailboxes that were emptied since the start because all together held too much.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>
    /// When mailboxes hold too much, empties those that free the most until an eighth of the bound is free again: mail that many hold is nobody's fault.
    /// Looking at all of them costs some milliseconds for ten thousand, and comes once for at least that eighth of mail.
    /// </summary>
    private void KeepBound()
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
