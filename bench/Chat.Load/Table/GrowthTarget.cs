using System.Globalization;

namespace ErlChat.Load.Table;

/// <summary>One poll among many must not use more memory than one among few, neither on average nor for each additional poll.</summary>
internal sealed record GrowthTarget(Func<int, string> Row, int Few, int Many)
{
    /// <summary>Tolerance for noise: memory is counted in whole pages, and garbage is not collected on demand.</summary>
    private const double Tolerance = 1.1;

    internal static IReadOnlyList<GrowthTarget> All(int scale) =>
    [
        new(BenchTable.Fresh, 5000 / scale, BenchTable.Most / scale),
        new(polls => BenchTable.Used(polls, scale), 5000 / scale, BenchTable.Most / scale),
    ];

    internal string Verdict(ResultTable results)
    {
        string what = string.Create(CultureInfo.InvariantCulture, $"no growth from {Few:N0} to {Many:N0} (10 % is noise): {Row(Many)}");
        if (results.Get(Row(Few), BenchTable.Ours) is not { } few || results.Get(Row(Many), BenchTable.Ours) is not { } many)
            return $"not measured  {what}";
        double more = (many * Many - few * Few) / (Many - Few);
        string verdict = Math.Max(many, more) <= few * Tolerance ? "met" : "not met";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{verdict,-12}  {what}: {few:F1} KB among few, {many:F1} KB among many, {more:F1} KB for each on top");
    }
}
