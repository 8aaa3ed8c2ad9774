namespace ErlChat.Serialization;

/// <summary>An entry as a log stores it.</summary>
/// <param name="Kind">Which record it is (<see cref="EntryCodec"/>).</param>
/// <param name="Origin">Together with <paramref name="Counter"/>, its command id.</param>
/// <param name="At">Its time, in units of 100 ns since 1970 (<see cref="UnixTime"/>).</param>
/// <param name="Body">The rest of the entry, as JSON.</param>
public readonly record struct EntryRow(string Kind, string Origin, long Counter, long At, string Body);

/// <summary>
/// Converts times to integers without loss: units of 100 ns since 1970, UTC. In SQL: <c>datetime(at / 10000000, 'unixepoch')</c>.
/// </summary>
public static class UnixTime
{
    public static long Of(DateTimeOffset time) => time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;

    public static DateTimeOffset At(long units) => new(DateTimeOffset.UnixEpoch.UtcTicks + units, TimeSpan.Zero);

    /// <summary>Converts a number that may be out of range; null if it is.</summary>
    public static DateTimeOffset? TryAt(long units) =>
        units >= -DateTimeOffset.UnixEpoch.UtcTicks && units <= DateTimeOffset.MaxValue.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks
            ? At(units)
            : null;
}
