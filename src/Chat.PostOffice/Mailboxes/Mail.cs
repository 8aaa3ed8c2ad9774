using ErlChat.Postings;

namespace ErlChat.Mailboxes;

/// <summary>
/// A mail: what one entry means to people. Immutable; each wire format is encoded at most once (races aside, whose loser is
/// thrown away) and the same bytes are shared by every recipient.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public sealed class Mail(long sequence, DateTimeOffset at, MailContent content)
{
    private readonly byte[]?[] _encoded = new byte[MailFormat.Count][];
    private int _holders;

    /// <summary>Position in the log of the entry that this mail tells of: its id on every wire.</summary>
    public long Sequence { get; } = sequence;

    /// <summary>The time that the entry carries.</summary>
    public DateTimeOffset At { get; } = at;

    public MailContent Content { get; } = content;

    /// <summary>Roughly the bytes that the mail takes, for the bounds of mailboxes: 100 for its frame, 3 for each UTF-16 unit of its text.</summary>
    public int Weight { get; } = 100 + content.TextLength * 3;

    /// <summary>The mail in a wire format; empty when that wire has no words for it. The array is shared: never write to it.</summary>
    public byte[] In(MailFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        ref byte[]? slot = ref _encoded[format.Slot];
        return Volatile.Read(ref slot) ?? Interlocked.CompareExchange(ref slot, format.Encode(this), null) ?? slot!;
    }

    /// <summary>Mailboxes that hold it at this moment.</summary>
    internal int Holders => Volatile.Read(ref _holders);

    /// <summary>One mailbox more holds it; true when that is the first.</summary>
    internal bool Hold() => Interlocked.Increment(ref _holders) == 1;

    /// <summary>One mailbox less holds it; true when that was the last.</summary>
    internal bool Release() => Interlocked.Decrement(ref _holders) == 0;
}
