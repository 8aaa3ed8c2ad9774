namespace ErlChat.Load.Reports;

/// <summary>Arithmetic for reports.</summary>
internal static class Figures
{
    /// <summary>The middle value, or the mean of the middle two. NaN when there is none.</summary>
    internal static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length == 0 ? double.NaN : sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
