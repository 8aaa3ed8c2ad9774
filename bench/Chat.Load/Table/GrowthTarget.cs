using System.Globalization;

namespace ErlChat.Load.Table;

/// <summary>A poll among many must not weigh more than one among few.</summary>
internal static class GrowthTarget
{
    /// <summary>What is noise: pages are counted whole, and garbage is not collected on our word.</summary>
    private const double Tolerance = 1.1;

    internal static string Verdict(ResultTable results, int scale)
    {
        double? few = results.Get(BenchTable.Fresh(5000 / scale), "comet");
        double? many = results.Get(BenchTable.Fresh(BenchTable.Most / scale), "comet");
        return few is null || many is null
            ? "not measured  no growth per poll with N"
            : string.Create(CultureInfo.InvariantCulture, $"{(many <= few * Tolerance ? "met" : "not met"),-12}  no growth per poll with N (10 % is noise): {few:F1} KB among {5000 / scale}, {many:F1} KB among {BenchTable.Most / scale}");
    }
}
