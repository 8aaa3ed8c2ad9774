namespace ErlChat.Load.Measures;

/// <summary>
/// The result of fan-out rounds. Times are in milliseconds until the median poll, the 99th percentile and the last poll were served
/// (medians over the rounds). CPU is in microseconds of the server's and of the client's time for each delivery with its re-poll (means).
/// </summary>
internal sealed record FanOutFigures(int Listeners, int Rounds, double Median, double Late, double Last, double Cpu, double ClientCpu)
{
    public override string ToString() =>
        $"one message to {Listeners}: p50 {Median:F0} ms, p99 {Late:F0} ms, last {Last:F0} ms (medians of {Rounds}); "
        + $"server CPU {Cpu:F1} µs a delivery, client {ClientCpu:F1} µs";
}
