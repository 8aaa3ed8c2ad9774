namespace ErlChat.Load.Reports;

/// <summary>Arithmetic for reports.</summary>
internal static class Figures
{
    internal static double Median(double[] values) => Percentile(values, 50);

    internal static double Percentile(double[] values, double percent)
    {
        if (values.Length == 0)
            return double.NaN;
        double[] sorted = [.. values.Order()];
        return sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * percent / 100))];
    }
}
