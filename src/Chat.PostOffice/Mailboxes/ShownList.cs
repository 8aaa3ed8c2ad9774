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

    internal static long CreateNegative() => -Random.Shared.NextInt64(Least, Most);
}
