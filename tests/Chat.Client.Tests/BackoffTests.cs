namespace ErlChat.Client.Tests;

public class BackoffTests
{
    private static readonly ChatClientOptions s_options =
        new() { FirstPause = TimeSpan.FromSeconds(1), LongestPause = TimeSpan.FromSeconds(10) };

    [Fact]
    public void Pauses_double_up_to_the_maximum_and_vary()
    {
        var pauses = new List<double>();
        for (int round = 0; round < 50; round++)
        {
            var backoff = new Backoff(s_options);
            double[] run = [.. Enumerable.Range(0, 40).Select(_ => backoff.Next().TotalSeconds)];
            Assert.InRange(run[0], 0.5, 1);
            Assert.InRange(run[1], 1, 2);
            Assert.InRange(run[2], 2, 4);
            Assert.All(run[4..], pause => Assert.InRange(pause, 5, 10));
            pauses.Add(run[0]);
            backoff.Reset();
            Assert.InRange(backoff.Next().TotalSeconds, 0.5, 1);
        }

        Assert.True(pauses.Distinct().Count() > 10);
    }

    [Fact]
    public void The_pause_the_server_asks_for_is_a_minimum_but_bounded()
    {
        var backoff = new Backoff(s_options);
        Assert.InRange(backoff.Next(TimeSpan.FromSeconds(60)).TotalSeconds, 60, 66);
        Assert.InRange(backoff.Next(TimeSpan.FromDays(7)).TotalMinutes, 10, 11);
        Assert.InRange(backoff.Next(TimeSpan.FromSeconds(-5)).TotalSeconds, 1, 10);
    }
}
