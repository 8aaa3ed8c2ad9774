using System.Globalization;

namespace ErlChat.Load.Measures;

/// <summary>The start of a node.</summary>
/// <param name="What">What it found in the database.</param>
/// <param name="Seconds">From the start of the process until it was ready.</param>
/// <param name="Entries">How many entries it replayed.</param>
internal sealed record StartFigures(string What, double Seconds, int Entries)
{
    /// <summary>Entries per second, if all but the time of a start without entries was for them. Null without entries.</summary>
    internal double? RateAbove(StartFigures empty) => Entries > 0 && Seconds > empty.Seconds ? Entries / (Seconds - empty.Seconds) : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{What}: ready after {Seconds:F2} s");
}
