using System.Globalization;

namespace ErlChat.Load.Table;

/// <summary>A target for a figure of the comet wire: a limit on the figure, or on its ratio to nchan's.</summary>
internal sealed record Target(string Row, double Most, bool IsRatio)
{
    internal static IReadOnlyList<Target> All(int scale) =>
    [
        new(BenchTable.Fresh(BenchTable.Most / scale), 1.0, true),
        new(BenchTable.Used(BenchTable.Most / scale, scale), 1.0, true),
        new(BenchTable.Last(BenchTable.Many / scale), 1.8, true),
        new(BenchTable.Cpu(BenchTable.Many / scale), 1.5, true),
        new(BenchTable.BackFromCrash(BenchTable.Many / scale), 5000, false),
        new(BenchTable.BackFromStop(BenchTable.Many / scale), 5000, false),
    ];

    internal string Verdict(ResultTable results)
    {
        double? value = IsRatio ? results.Ratio(Row, BenchTable.Ours) : results.Get(Row, BenchTable.Ours);
        string bound = string.Create(CultureInfo.InvariantCulture, $"{Row} ≤ {Most}{(IsRatio ? " × nchan's" : "")}");
        return value is not { } number
            ? $"not measured  {bound}"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{(number <= Most ? "met" : "not met"),-12}  {bound}: {(IsRatio ? $"{number:F2}" : $"{number:F0}")}");
    }
}
