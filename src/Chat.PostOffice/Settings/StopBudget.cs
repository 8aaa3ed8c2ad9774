namespace ErlChat.Settings;

/// <summary>
/// Divides the time of a stop (<see cref="ChatOptions.StopTimeout"/>) between the parts that stop one after the other: the doors, then the
/// chat room, then the database. Their shares add up to the whole, so the stop is bounded even if a part uses all its time.
/// </summary>
/// <param name="Whole">The whole time.</param>
public readonly record struct StopBudget(TimeSpan Whole)
{
    /// <summary>
    /// How long connections stay open for requests that clients have already sent, because an answer without <c>Connection: close</c> may
    /// just have gone out. It restarts with each connection that ends, up to <see cref="LongestLinger"/>.
    /// </summary>
    public TimeSpan Linger => Whole * 0.1;

    /// <summary>How long after the beginning of the stop connections stay open at most, while they end one after the other.</summary>
    public TimeSpan LongestLinger => Whole * 0.2;

    /// <summary>
    /// How long after the beginning of the stop a client has to finish sending a request or reading an answer. Then its connection is
    /// aborted.
    /// </summary>
    public TimeSpan Grace => Whole * 0.3;

    /// <summary>How long after the beginning of the stop all doors have, including the aborting of connections.</summary>
    public TimeSpan Doors => Whole * 0.6;

    /// <summary>
    /// How long the chat room has for its last entries and its snapshot: the time that the doors left, but at least a share of its own.
    /// </summary>
    /// <param name="elapsed">The time since the stop began.</param>
    public TimeSpan ForRoom(TimeSpan elapsed) => Left(elapsed, 0.8);

    /// <summary>
    /// How long the database has to interrupt its readers, write what is queued, and copy its write-ahead log into the file.
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
