namespace ErlChat.Mailboxes;

/// <summary>A wire's way to write mail. One instance per wire; thread-safe.</summary>
public abstract class MailFormat
{
    /// <summary>How many wires there are to encode for: comet and flack.</summary>
    internal const int Count = 2;

    /// <param name="slot">The wire's number, 0 or 1; two formats must not share one.</param>
    protected MailFormat(int slot)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(slot);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(slot, Count);
        Slot = slot;
    }

    internal int Slot { get; }

    /// <summary>The mail's bytes; empty when this wire does not tell of such things.</summary>
    public abstract byte[] Encode(Mail mail);
}
