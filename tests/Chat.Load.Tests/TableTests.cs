using ErlChat.Load.Reports;
using ErlChat.Load.Table;

namespace ErlChat.Load.Tests;

public class TableTests
{
    private readonly ResultTable _results = new(["comet", "nchan"], "nchan");

    [Theory]
    [InlineData(10.0, 10.0, "met")]
    [InlineData(10.1, 10.0, "not met")]
    [InlineData(null, 10.0, "not measured")]
    [InlineData(10.0, null, "not measured")]
    public void A_ratio_is_met_when_it_is_not_above_its_bound(double? ours, double? nchan, string verdict)
    {
        Target target = Target.All(1)[0];
        Assert.Equal((BenchTable.Fresh(BenchTable.Most), 1.0, true), (target.Row, target.Most, target.IsRatio));
        _results.Set(target.Row, "comet", ours);
        _results.Set(target.Row, "nchan", nchan);
        Assert.StartsWith(verdict, target.Verdict(_results), StringComparison.Ordinal);
    }

    // Fixed costs are divided by the number of polls, so with many polls they hid what each additional poll weighs. 5 000 polls of 12 KB
    // and 18 500 of 13.1 KB on average mean 13.5 KB for each additional poll.
    [Theory]
    [InlineData(12.0, 11.0, "met")]
    [InlineData(12.0, 13.1, "not met")]
    [InlineData(12.0, 13.3, "not met")]
    [InlineData(12.0, null, "not measured")]
    public void Growth_is_the_weight_of_each_additional_poll(double few, double? many, string verdict)
    {
        GrowthTarget target = GrowthTarget.All(1)[0];
        _results.Set(target.Row(5000), "comet", few);
        _results.Set(target.Row(18_500), "comet", many);
        Assert.StartsWith(verdict, target.Verdict(_results), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2.5, 4.0, 1.0, 2.0, 3.0)]
    [InlineData(3.0, 9.0, 1.0, 3.0)]
    public void A_median_is_the_middle_value_or_the_mean_of_the_middle_two(double median, params double[] values) =>
        Assert.Equal(median, Figures.Median(values));
}
