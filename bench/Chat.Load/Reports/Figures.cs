namespace ErlChat.Load.Reports;

/// <summary>Arithmetic for reports.</summary>
internal static class Figures
{
    /// <summary>The middle one, or the mean of the middle two; not a number when there is none.</summary>
    internal static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length == 0 ? double.NaN : sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>Where in <paramref name="count"/> sorted values the one stands that so many percent do not exceed (nearest rank); <paramref name="count"/> is not 0.</summary>
    internal static int IndexOfPercentile(int count, double percent) => Math.Max(1, (int)Math.Ceiling(count * percent / 100)) - 1;
}
