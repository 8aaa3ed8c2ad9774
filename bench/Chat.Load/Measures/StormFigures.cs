namespace ErlChat.Load.Measures;

/// <summary>The result of a reconnect. Times are in milliseconds since the new server listened.</summary>
/// <param name="Retries">Attempts that were refused or broken off, each followed by another.</param>
/// <param name="Told">Polls that the old server answered with the time at which to come back.</param>
/// <param name="Cut">Polls that it did not answer.</param>
/// <param name="LongestHint">The longest of those times, in seconds.</param>
internal sealed record StormFigures(
    int Listeners, double Median, double Late, double Last, int Retries, int Told, int Cut, double LongestHint)
{
    public override string ToString() =>
        $"{Listeners} served: p50 {Median:F0} ms, p99 {Late:F0} ms, last {Last:F0} ms after it listened; {Retries} tries in vain; "
        + $"before: {Told} polls told when to come back"
        + $"{(Told > 0 ? $" (after {LongestHint:F1} s at the most)" : "")}, {Cut} cut";
}
