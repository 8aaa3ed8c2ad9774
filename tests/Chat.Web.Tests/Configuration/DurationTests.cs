using ErlChat.Limits;
using ErlChat.Settings;
using ErlChat.Sqlite.Log;
using ErlChat.Web.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Tests.Configuration;

/// <summary>
/// How durations are written. Previously, <c>Log:KeepFor=24:00:00</c> kept for 24 days and <c>KeepFor=30</c> for 30, without a warning.
/// </summary>
public class DurationTests
{
    [Theory]
    [InlineData("00:00:30", 30)]
    [InlineData("0:0:5", 5)]
    [InlineData(" 23:59:59.5 ", 86_399.5)]
    [InlineData("1.00:00:00", 86_400)]
    [InlineData("30.12:00:01", 2_635_201)]
    [InlineData("500ms", 0.5)]
    [InlineData("30s", 30)]
    [InlineData("1.5s", 1.5)]
    [InlineData("5m", 300)]
    [InlineData("5 min", 300)]
    [InlineData("24h", 86_400)]
    [InlineData("30d", 2_592_000)]
    [InlineData("1d12h", 129_600)]
    [InlineData("1h 30m 10s 5ms", 5_410.005)]
    [InlineData("36500d", 3_153_600_000)]
    [InlineData("0", 0)]
    [InlineData("0s", 0)]
    public void Durations_mean_what_they_say(string text, double seconds)
    {
        Assert.True(DurationText.TryParse(text, out TimeSpan duration, out string problem), problem);
        Assert.Equal(TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond)), duration);
        Assert.True(DurationText.TryParse(DurationText.Write(duration), out TimeSpan again, out _));
        Assert.Equal(duration, again);
    }

    // .NET accepts all of these, but reads most of them differently from how a person would.
    [Theory]
    [InlineData("30", "30s", "00:00:30", "30d", "30.00:00:00")]
    [InlineData("24:00:00", "24h", "1.00:00:00", "24d")]
    [InlineData("100:30:15", "100h30m15s", "4.04:30:15")]
    [InlineData("100:00", "4.04:00:00", "01:40:00", "100h0m", "100m0s")]
    [InlineData("05:00", "05:00:00", "00:05:00", "5h0m", "5m0s")]
    [InlineData("1:02:03:04", "1.12:00:00", "1d12h")]
    [InlineData("1.5", "1.5s", "1.5d")]
    [InlineData("soon", "00:00:30", "30s")]
    [InlineData("", "00:00:30", "30s")]
    [InlineData("30 seconds", "30s")]
    [InlineData("5M", "5m")]
    [InlineData("s", "30s")]
    [InlineData("12h1d", "1d12h")]
    [InlineData("-5s", "30s")]
    [InlineData("1.24:00:00", "24h")]
    [InlineData("00:60:00", "5m")]
    [InlineData("999999999d", "30d")]
    [InlineData("٣٠s", "30s")]
    public void Ambiguous_durations_are_refused_with_a_suggestion_that_works(string text, params string[] spellings)
    {
        Assert.False(DurationText.TryParse(text, out _, out string problem));
        Assert.Contains($"'{text}'", problem, StringComparison.Ordinal);
        foreach (string spelling in spellings)
            Assert.Contains(spelling, problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_section_reads_durations_this_way()
    {
        await using WebApplication app = ChatServer.Build(
            [
                "--Chat:PollTimeout=40s", "--Log:KeepFor=30d", "--Flack:IdleLimit=2m", "--Peer:IdleTimeout=1h",
                "--Limits:Reads:Server:Window=500ms", "--Kestrel:Limits:KeepAliveTimeout=3m",
            ]);
        IServiceProvider services = app.Services;
        Assert.Equal(TimeSpan.FromSeconds(40), services.GetRequiredService<IOptions<ChatOptions>>().Value.PollTimeout);
        Assert.Equal(TimeSpan.FromDays(30), services.GetRequiredService<IOptions<SqliteLogOptions>>().Value.KeepFor);
        Assert.Equal(TimeSpan.FromMinutes(2), services.GetRequiredService<IOptions<Web.Flack.FlackOptions>>().Value.IdleLimit);
        Assert.Equal(TimeSpan.FromHours(1), services.GetRequiredService<IOptions<Web.Peer.PeerOptions>>().Value.IdleTimeout);
        Assert.Equal(TimeSpan.FromMilliseconds(500), services.GetRequiredService<IOptions<LimitOptions>>().Value.Reads.Server.Window);
        Assert.Equal(
            TimeSpan.FromMinutes(3),
            services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits.KeepAliveTimeout);
    }

    [Theory]
    [InlineData("Chat:IdleLimit=30")]
    [InlineData("Log:KeepFor=24:00:00")]
    [InlineData("Flack:SendLimit=1:00")]
    [InlineData("Peer:IdleTimeout=5")]
    [InlineData("Limits:Logins:Address:Window=120")]
    [InlineData("Limits:LongestDelay=2")]
    [InlineData("Kestrel:Limits:RequestHeadersTimeout=30")]
    [InlineData("Kestrel:Limits:Http2:KeepAlivePingDelay=30")]
    [InlineData("Kestrel:Limits:MinRequestBodyDataRate:GracePeriod=5")]
    public void Every_section_refuses_ambiguous_durations(string option)
    {
        string[] parts = option.Split('=');
        string failure = Assert.Single(Failures.Of("--" + option));
        Assert.StartsWith($"{parts[0]}: '{parts[1]}' ", failure, StringComparison.Ordinal);
    }
}
