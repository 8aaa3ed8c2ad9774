using ErlChat.Load.Measures;
using ErlChat.Load.Reports;

namespace ErlChat.Load.Tests;

public class HistogramTests
{
    [Fact]
    public void Percentiles_are_accurate_to_a_tenth_of_a_millisecond()
    {
        var histogram = new Histogram();
        for (int i = 100; i >= 1; i--)
            histogram.Add(i - 0.05);
        Assert.Equal(50, histogram.Percentile(50), 1);
        Assert.Equal(99, histogram.Percentile(99), 1);
        Assert.Equal(99.95, histogram.Longest, 2);
    }

    [Theory]
    [InlineData(49, 100, 50)]
    [InlineData(98, 100, 99)]
    [InlineData(9899, 10_000, 99)]
    [InlineData(0, 1, 50)]
    public void A_percentile_is_the_nearest_rank(int index, int count, double percent)
    {
        var histogram = new Histogram();
        for (int i = 0; i < count; i++)
            histogram.Add(i / 100.0);
        Assert.Equal(index / 100.0, histogram.Percentile(percent), 2);
    }

    [Fact]
    public void A_histogram_can_be_cleared_and_accepts_zero_and_more_than_an_hour()
    {
        var histogram = new Histogram();
        histogram.Add(0);
        histogram.Add(1e12);
        Assert.Equal(2, histogram.Count);
        Assert.InRange(histogram.Longest, 3_600_000, 3_600_100);
        histogram.Clear();
        Assert.Equal(0, histogram.Count);
        Assert.Equal(0, histogram.Longest);
    }

    [Fact]
    public void An_empty_histogram_has_no_percentile() => Assert.True(double.IsNaN(new Histogram().Percentile(50)));

    [Fact]
    public void A_table_shows_ratios_to_its_basis_and_missing_figures()
    {
        var table = new ResultTable(["ours", "nchan"], "nchan");
        table.Set("KB", "ours", 15);
        table.Set("KB", "nchan", 10);
        table.Set("ms", "ours", 7);
        Assert.Equal(1.5, table.Ratio("KB", "ours"));
        Assert.Null(table.Ratio("ms", "ours"));
        Assert.Equal("|  | ours | nchan |\n|---|---:|---:|\n| KB | 15.0 (1.5×) | 10.0 |\n| ms | 7.0 | – |\n", table.ToMarkdown());
    }
}
