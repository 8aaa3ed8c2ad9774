namespace ErlChat.Load.Measures;

/// <summary>
/// What fan-out rounds showed: milliseconds until the middle poll, the 99th of a hundred and the last were served (medians of the rounds), and microseconds of
/// the server's and of the client's CPU for each delivery with its re-poll (means).
/// </summary>
internal sealed record FanOutFigures(int Listeners, int Rounds, double Median, double Late, double Last, double Cpu, double ClientCpu)
{
    public override string ToString() =>
        $"one message to {Listeners}: p50 {Median:F0} ms, p99 {Late:F0} ms, last {Last:F0} ms (medians of {Rounds}); server CPU {Cpu:F1} µs a delivery, client {ClientCpu:F1} µs";
}
