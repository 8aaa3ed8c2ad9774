namespace ErlChat.Load.Measures;

/// <summary>Counts durations in steps of 0.1 ms; what is longer than a minute counts as a minute.</summary>
internal sealed class Histogram
{
    private const double Step = 0.1;

    private readonly int[] _counts = new int[600_001];

    internal long Count { get; private set; }

    internal double Longest { get; private set; }

    internal void Add(double milliseconds)
    {
        _counts[(int)Math.Clamp(milliseconds / Step, 0, _counts.Length - 1)]++;
        Count++;
        Longest = Math.Max(Longest, milliseconds);
    }

    internal void Clear()
    {
        Array.Clear(_counts);
        Count = 0;
        Longest = 0;
    }

    /// <summary>Milliseconds that so many percent did not exceed; not a number when there were none.</summary>
    internal double Percentile(double percent)
    {
        if (Count == 0)
            return double.NaN;
        long rank = (long)Math.Ceiling(Count * percent / 100), sum = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            sum += _counts[i];
            if (sum >= rank)
                return (i + 1) * Step;
        }

        return Longest;
    }
}
