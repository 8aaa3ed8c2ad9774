using ErlChat.Load.Measures;
using ErlChat.Load.Reports;

namespace ErlChat.Load.Tests;

public class HistogramTests
{
    [Fact]
    public void Percentiles_are_right_to_a_tenth_of_a_millisecond()
    {
        var histogram = new Histogram();
        for (int i = 100; i >= 1; i--)
            histogram.Add(i - 0.05);
        Assert.Equal(50, histogram.Percentile(50), 1);
        Assert.Equal(99, histogram.Percentile(99), 1);
        Assert.Equal(99.95, histogram.Longest, 3);
    }

    [Fact]
    public void Nothing_has_no_percentile() => Assert.True(double.IsNaN(new Histogram().Percentile(50)));

    [Fact]
    public void A_table_shows_ratios_to_its_basis_and_what_is_missing()
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
