using System.Net;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Site;

/// <summary>
/// Warns if a client that is not a trusted proxy sends forwarding headers. Behind an unlisted proxy, all users share one address with its
/// limits and bans. Warns at the first such request, then at most once per hour. Must run before the forwarding headers are processed.
/// Thread-safe.
/// </summary>
internal sealed partial class UntrustedProxyWarning(
    RequestDelegate next,
    IOptions<WebOptions> options,
    TimeProvider time,
    ILogger<UntrustedProxyWarning> logger)
{
    private const string Header = "X-Forwarded-For";

    private static readonly TimeSpan s_pause = TimeSpan.FromHours(1);

    /// <summary>
    /// The timestamp of the last warning; null before the first. Boxed, so that only one of several simultaneous requests can replace it.
    /// </summary>
    private object? _warned;

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Headers.ContainsKey(Header) && context.Connection.RemoteIpAddress is { } peer && !options.Value.Trusts(peer))
            Warn(peer);
        return next(context);
    }

    private void Warn(IPAddress peer)
    {
        object? before = Volatile.Read(ref _warned);
        if (before is long last && time.GetElapsedTime(last) < s_pause)
            return;
        if (Interlocked.CompareExchange(ref _warned, time.GetTimestamp(), before) == before)
            NotTrusted(logger, peer);
    }

    [LoggerMessage(
        711,
        LogLevel.Warning,
        "{Peer} sends X-Forwarded-For but is not in Chat:TrustedProxies, so all its users count as {Peer} and share one address's "
            + "limits and bans. If it is your proxy, set Chat:TrustedProxies={Peer}.",
        EventName = "ProxyNotTrusted")]
    private static partial void NotTrusted(ILogger logger, IPAddress peer);
}
