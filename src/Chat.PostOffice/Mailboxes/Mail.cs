using ErlChat.Postings;

namespace ErlChat.Mailboxes;

/// <summary>
/// What one entry means to users. Immutable. Each wire format is encoded once, and all recipients share the bytes. If two threads encode at
/// the same time, one result is discarded.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public sealed class Mail(long sequence, DateTimeOffset at, MailContent content)
{
    private readonly byte[]?[] _encoded = new byte[MailFormat.Count][];
    private int _holders;

    /// <summary>The sequence of the entry that caused this mail; its id on every wire.</summary>
    public long Sequence { get; } = sequence;

    /// <summary>The entry's time.</summary>
    public DateTimeOffset At { get; } = at;

    public MailContent Content { get; } = content;

    /// <summary>Estimated size in bytes, for the limits of mailboxes: 100, plus 3 for each UTF-16 unit of text.</summary>
    public int Weight { get; } = 100 + content.TextLength * 3;

    /// <summary>The mail in a wire format; empty if that format cannot express it. The array is shared: never write to it.</summary>
    public byte[] In(MailFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        ref byte[]? slot = ref _encoded[format.Slot];
        return Volatile.Read(ref slot) ?? Interlocked.CompareExchange(ref slot, format.Encode(this), null) ?? slot!;
    }

    /// <summary>How many mailboxes hold it now.</summary>
    internal int Holders => Volatile.Read(ref _holders);

    /// <summary>Counts one more mailbox that holds it; true if that is the first.</summary>
    internal bool Hold() => Interlocked.Increment(ref _holders) == 1;

    /// <summary>Counts one mailbox less that holds it; true if that was the last.</summary>
    internal bool Release() => Interlocked.Decrement(ref _holders) == 0;
}
