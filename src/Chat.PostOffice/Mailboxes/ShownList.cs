namespace ErlChat.Mailboxes;

/// <summary>
/// A list of the lobby that a reader of a session was shown. A poll from <paramref name="Cursor"/> does not get the lobby's joins and
/// leaves up to <paramref name="To"/> again. Immutable.
/// </summary>
/// <param name="Cursor">The cursor of the reader's polls: <paramref name="Begin"/>, or a stand-in for it (<see cref="IsStandIn"/>).</param>
/// <param name="Begin">The first sequence that the reader wants.</param>
/// <param name="To">The sequence of the list, inclusive; below <paramref name="Begin"/> if it hides nothing.</param>
/// <param name="IsOnly">Whether no other reader of the session had started by then.</param>
public readonly record struct ShownList(long Cursor, long Begin, long To, bool IsOnly)
{
    /// <summary>Digits of a negative stand-in. JavaScript can represent such numbers exactly (up to 2^53).</summary>
    public const int NegativeDigits = 16;

    /// <summary>How many of the 53 bits of a stand-in are its position. The rest are random: almost a million numbers.</summary>
    private const int PositionBits = 33;

    private const int NumberBits = 53 - PositionBits;

    private const long Least = 1_000_000_000_000_000;
    private const long Most = 9_000_000_000_000_000;

    /// <summary>
    /// Whether the cursor stands for a position instead of being one. Two readers of a session at the same position could not be told apart
    /// otherwise. A stand-in is a number that no reader reaches by reading on: one up to the session's own beginning or, if the session
    /// began too early in the log, a negative one.
    /// </summary>
    public bool IsStandIn => Cursor != Begin;

    /// <summary>
    /// Creates the number of a stand-in. It is random, so that none is used twice even though mailboxes forget them, for example in a
    /// crash.
    /// </summary>
    /// <param name="joined">The sequence at which the session began; 0 if that is not known.</param>
    internal static long CreateStandIn(long joined) => joined switch
    {
        <= 0 => CreateNegative(),
        1 => 1,
        _ => Random.Shared.NextInt64(2, joined + 1),
    };

    /// <summary>
    /// Creates the number of a stand-in that contains its position, for a chat of several nodes: a node that does not know the stand-in can
    /// still read from that position (<see cref="BeginIn"/>). Null if the position is too large.
    /// </summary>
    internal static long? TryCreateFor(long begin) =>
        begin is >= 0 and < 1L << PositionBits
            ? -((Random.Shared.NextInt64((Least >> PositionBits) + 1, 1L << NumberBits) << PositionBits) | begin)
            : null;

    /// <summary>The position in a stand-in that <see cref="TryCreateFor"/> has made; null if it cannot have made this number.</summary>
    internal static long? BeginIn(long cursor) =>
        cursor is < -Least and > -(1L << (PositionBits + NumberBits)) ? -cursor & ((1L << PositionBits) - 1) : null;

    internal static long CreateNegative() => -Random.Shared.NextInt64(Least, Most);
}
