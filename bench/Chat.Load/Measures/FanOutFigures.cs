namespace ErlChat.Load.Measures;

/// <summary>What fan-out rounds showed: milliseconds until the middle poll, the 99th of a hundred and the last were served (medians of the rounds), and microseconds of the server's CPU for each delivery with its re-poll.</summary>
internal sealed record FanOutFigures(int Listeners, int Rounds, double Median, double Late, double Last, double Cpu);
