namespace ErlChat.Mailboxes;

/// <summary>Encodes mail for one wire. One instance per wire; thread-safe.</summary>
public abstract class MailFormat
{
    /// <summary>How many formats there are: comet and flack.</summary>
    internal const int Count = 2;

    /// <param name="slot">The format's number, 0 or 1. Two formats must not share one.</param>
    protected MailFormat(int slot)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(slot);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(slot, Count);
        Slot = slot;
    }

    internal int Slot { get; }

    /// <summary>The mail's bytes; empty if this wire cannot express it.</summary>
    public abstract byte[] Encode(Mail mail);
}
