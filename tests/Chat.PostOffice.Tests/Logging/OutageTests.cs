using ErlChat.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ErlChat.Tests;

/// <summary>A trouble that repeats is two lines: the disk that was full for four seconds wrote 14 776.</summary>
public sealed class OutageTests : IDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly List<(long Count, double Seconds)> _over = [];
    private readonly Outage _outage;

    public OutageTests() => _outage = new Outage(_clock, NullLogger.Instance, (_, count, seconds) => _over.Add((count, seconds)));

    public void Dispose() => _outage.Dispose();

    [Fact]
    public void It_begins_once_and_ends_once_with_its_count_and_its_length()
    {
        Assert.True(_outage.Failed());
        for (int i = 0; i < 999; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(10));
            Assert.False(_outage.Failed());
        }

        _outage.Succeeded();
        _clock.Advance(Outage.Calm - TimeSpan.FromMilliseconds(1));
        Assert.Empty(_over);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        (long count, double seconds) = Assert.Single(_over);
        Assert.Equal(1000, count);
        Assert.Equal(9.99, seconds, precision: 3);
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.Single(_over);
        Assert.True(_outage.Failed());
    }

    [Fact]
    public void It_lasts_until_something_succeeds_however_long_nothing_fails()
    {
        _outage.Failed();
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.Empty(_over);
        Assert.False(_outage.Failed());
        _outage.Succeeded();
        _clock.Advance(Outage.Calm);
        Assert.Single(_over);
    }

    // A disk that takes a little whenever somebody deletes a file.
    [Fact]
    public void Failures_and_successes_in_turn_are_one_trouble()
    {
        int begins = 0;
        for (int i = 0; i < 100; i++)
        {
            begins += _outage.Failed() ? 1 : 0;
            _clock.Advance(TimeSpan.FromSeconds(1));
            _outage.Succeeded();
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(1, begins);
        Assert.Empty(_over);
        _clock.Advance(Outage.Calm);
        Assert.Equal(100, Assert.Single(_over).Count);
    }

    [Fact]
    public void One_that_nothing_succeeds_for_ends_by_silence()
    {
        using var outage = new Outage(_clock, NullLogger.Instance, (_, count, seconds) => _over.Add((count, seconds)), endsBySilence: true);
        Assert.True(outage.Failed());
        _clock.Advance(TimeSpan.FromSeconds(4));
        Assert.False(outage.Failed());
        _clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Empty(_over);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((2, 4.0), Assert.Single(_over));
    }

    [Fact]
    public void Without_a_trouble_there_is_no_timer_and_disposed_it_makes_none()
    {
        _outage.Succeeded();
        Assert.Equal(0, _clock.Timers);
        _outage.Failed();
        Assert.Equal(0, _clock.Timers);
        _outage.Succeeded();
        Assert.Equal(1, _clock.Timers);
        _outage.Dispose();
        Assert.Equal(0, _clock.Timers);
        Assert.False(_outage.Failed());
        _outage.Succeeded();
        Assert.Equal(0, _clock.Timers);
    }

    [Fact]
    public void Of_many_that_fail_at_once_one_is_told_to_say_so() => Seeds.Run(seed =>
    {
        var random = new Random(seed);
        for (int round = 0; round < 100; round++)
        {
            int begins = 0;
            using var outage = new Outage(_clock, NullLogger.Instance, (_, count, seconds) => _over.Add((count, seconds)));
            int each = random.Next(1, 50);
            Parallel.For(0, 4, _ =>
            {
                for (int i = 0; i < each; i++)
                {
                    if (outage.Failed())
                        Interlocked.Increment(ref begins);
                }
            });
            outage.Succeeded();
            _clock.Advance(Outage.Calm);
            Assert.Equal((1, 4 * each), (begins, _over[^1].Count));
        }
    });
}
