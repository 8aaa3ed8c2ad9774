namespace ErlChat.Mailboxes;

/// <summary>Encodes mail for one wire. One instance per wire; thread-safe.</summary>
public abstract class MailFormat
{
    /// <summary>How many formats there are: comet for the original's clients, flack, and comet for newer clients.</summary>
    internal const int Count = 3;

    /// <param name="slot">The format's number, 0 to 2. Two formats must not share one.</param>
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
