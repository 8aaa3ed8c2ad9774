namespace ErlChat.Load.Measures;

/// <summary>
/// The memory of all parked polls together, without that of the empty server, and the figures of the deliveries in between.
/// </summary>
internal sealed record ParkedFigures(int Polls, Weight Fresh, Weight Used, FanOutFigures? FanOut)
{
    internal double FreshKilobytes => Fresh.Private / 1024.0 / Polls;

    internal double UsedKilobytes => Used.Private / 1024.0 / Polls;

    /// <summary>The most memory that the process had, while the clients entered or later, divided by the number of polls.</summary>
    internal double PeakKilobytes => Used.Peak / 1024.0 / Polls;
}
