namespace ErlChat.Settings;

/// <summary>
/// How the time of a stop (<see cref="ChatOptions.StopTimeout"/>) is shared out. The shares of what stops one after the other add up to the
/// whole, so that the stop is bounded however each of them goes: the doors, then the chat room, then the database.
/// </summary>
/// <param name="Whole">All of it.</param>
public readonly record struct StopBudget(TimeSpan Whole)
{
    /// <summary>
    /// How long connections stay open for what their clients may have sent already: an answer without <c>Connection: close</c> may just have
    /// gone out. It begins anew with each connection that ends, up to <see cref="LongestLinger"/>.
    /// </summary>
    public TimeSpan Linger => Whole * 0.1;

    /// <summary>From the beginning, how long connections stay open at the most, while one after the other ends.</summary>
    public TimeSpan LongestLinger => Whole * 0.2;

    /// <summary>
    /// From the beginning, how long a client has for a request that is half sent or an answer that is half taken; then its connection is
    /// aborted.
    /// </summary>
    public TimeSpan Grace => Whole * 0.3;

    /// <summary>From the beginning, how long all doors have, the abort of connections included.</summary>
    public TimeSpan Doors => Whole * 0.6;

    /// <summary>
    /// How long the chat room has for its last entries and its snapshot: what the doors have left, and a share of its own if that is
    /// nothing.
    /// </summary>
    /// <param name="elapsed">Since the stop began.</param>
    public TimeSpan ForRoom(TimeSpan elapsed) => Left(elapsed, 0.8);

    /// <summary>
    /// How long the database has to interrupt its readers, write what waits, and bring its write-ahead log into the file.
    /// </summary>
    /// <inheritdoc cref="ForRoom" path="/param"/>
    public TimeSpan ForDatabase(TimeSpan elapsed) => Left(elapsed, 1);

    private TimeSpan Left(TimeSpan elapsed, double until)
    {
        TimeSpan own = Whole * 0.2;
        TimeSpan left = Whole * until - elapsed;
        return left > own ? left : own;
    }
}
