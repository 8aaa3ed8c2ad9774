namespace ErlChat.Load.Measures;

/// <summary>What all parked polls together weigh, without the empty server; and how the deliveries in between went.</summary>
internal sealed record ParkedFigures(int Polls, Weight Fresh, Weight Used, FanOutFigures? FanOut)
{
    internal double FreshKilobytes => Fresh.Private / 1024.0 / Polls;

    internal double UsedKilobytes => Used.Private / 1024.0 / Polls;

    /// <summary>What the process had in memory at the most, while all entered or later.</summary>
    internal double PeakKilobytes => Used.Peak / 1024.0 / Polls;
}
