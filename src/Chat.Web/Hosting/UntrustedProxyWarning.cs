using System.Net;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Hosting;

/// <summary>
/// Warns when a peer that is not trusted forwards for others: behind an unlisted proxy all users share one address, its limits and its bans.
/// At the first such request, then at most hourly. Stands before the forwarding headers are taken off. Thread-safe.
/// </summary>
internal sealed partial class UntrustedProxyWarning(RequestDelegate next, IOptions<WebOptions> options, TimeProvider time, ILogger<UntrustedProxyWarning> logger)
{
    private const string Header = "X-Forwarded-For";

    private static readonly TimeSpan s_pause = TimeSpan.FromHours(1);

    /// <summary>The timestamp of the last warning; null for none yet. Boxed, so that one of several requests at once can take it.</summary>
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
