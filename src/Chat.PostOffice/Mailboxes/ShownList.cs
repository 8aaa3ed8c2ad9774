namespace ErlChat.Mailboxes;

/// <summary>
/// What a session's reader was shown of the lobby: a poll from <paramref name="Cursor"/> is not told again of its joins and leaves up to
/// <paramref name="To"/>. Immutable.
/// </summary>
/// <param name="Cursor">
/// The cursor that the reader polls with: <paramref name="Begin"/>, or a stand-in for it (<see cref="IsStandIn"/>).
/// </param>
/// <param name="Begin">The first sequence that the reader wants.</param>
/// <param name="To">The sequence that the list is as of, inclusive; below <paramref name="Begin"/> when there is nothing to hide.</param>
/// <param name="IsOnly">Whether no other reader of the session had started by then.</param>
public readonly record struct ShownList(long Cursor, long Begin, long To, bool IsOnly)
{
    /// <summary>Digits of a stand-in below 0. JavaScript can count so far (to 2^53).</summary>
    public const int NegativeDigits = 16;

    private const long Least = 1_000_000_000_000_000;
    private const long Most = 9_000_000_000_000_000;

    /// <summary>
    /// Whether the cursor stands for a place instead of being one: where two readers of a session have the same place, they could not be
    /// told apart. It is a number that none of them can come to by reading on: one up to the session's own beginning or, when that is so
    /// early in the log that there are too few, a negative one.
    /// </summary>
    public bool IsStandIn => Cursor != Begin;

    /// <summary>
    /// A number for a stand-in. Random, so that none is given twice, though mailboxes forget them, in a crash or otherwise.
    /// </summary>
    /// <param name="joined">The sequence at which the session began; 0 when that is not known.</param>
    internal static long CreateStandIn(long joined) => joined switch
    {
        <= 0 => CreateNegative(),
        1 => 1,
        _ => Random.Shared.NextInt64(2, joined + 1),
    };

    internal static long CreateNegative() => -Random.Shared.NextInt64(Least, Most);
}
