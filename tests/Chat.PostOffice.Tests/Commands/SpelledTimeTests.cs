using ErlChat.Commands;

namespace ErlChat.Tests;

public class SpelledTimeTests
{
    [Theory]
    [InlineData(0, "1 seconds")]
    [InlineData(-5, "1 seconds")]
    [InlineData(0.2, "1 seconds")]
    [InlineData(7, "7 seconds")]
    [InlineData(59.001, "1 minutes, 0 seconds")]
    [InlineData(3600, "1 hours, 0 minutes, 0 seconds")]
    [InlineData(99999, "1 days, 3 hours, 46 minutes, 39 seconds")]
    [InlineData(86401, "1 days, 0 hours, 0 minutes, 1 seconds")]
    [InlineData(315360000, "3650 days, 0 hours, 0 minutes, 0 seconds")]
    public void A_time_is_spelled_as_the_original_did(double seconds, string text) => Assert.Equal(text, SpelledTime.Of(TimeSpan.FromSeconds(seconds)));
}
