namespace ErlChat.Web.Tests.Site;

/// <summary>
/// Previously, behind a proxy that is not listed as trusted, all users shared one address without any warning. The 33rd login was refused,
/// and a ban of one user banned all.
/// </summary>
public class UntrustedProxyTests
{
    [Fact]
    public async Task An_untrusted_proxy_is_named_once_and_then_at_most_hourly()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync();
        Assert.Empty(Warnings(server));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AskAsync(server)));
        string warning = Assert.Single(Warnings(server)).Text;
        Assert.Contains("Chat:TrustedProxies=127.0.0.1", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("203.0.113.9", warning, StringComparison.Ordinal);
        server.Clock.Advance(TimeSpan.FromMinutes(59));
        await AskAsync(server);
        Assert.Single(Warnings(server));
        server.Clock.Advance(TimeSpan.FromMinutes(2));
        await AskAsync(server);
        await AskAsync(server);
        Assert.Equal(2, Warnings(server).Count);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.0.0.0/8;127.0.0.0/8")]
    public async Task A_trusted_proxy_is_not_named(string trusted)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync($"Chat:TrustedProxies={trusted}");
        await AskAsync(server);
        Assert.Empty(Warnings(server));
    }

    private static Task<CometAnswer> AskAsync(ChatServerHost server) =>
        server.Stranger().GetAsync("/", headers: ("X-Forwarded-For", "203.0.113.9"));

    private static IReadOnlyList<LogLine> Warnings(ChatServerHost server) => server.Logs.Of("ProxyNotTrusted");
}
