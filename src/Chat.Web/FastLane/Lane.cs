using System.Text;
using ErlChat.Web.Backpressure;
using ErlChat.Web.Comet;
using ErlChat.Web.Limits;
using ErlChat.Web.Listening;
using ErlChat.Web.Origins;
using ErlChat.Web.Reads;
using ErlChat.Web.Site;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.FastLane;

/// <summary>
/// The fast lane: a Kestrel connection middleware that answers plain polls itself and passes everything else unchanged to the ordinary
/// pipeline (<c>docs/adr/0008</c>). One instance serves all connections. Thread-safe.
/// </summary>
internal sealed class Lane(
    Polls polls,
    PollLimits limits,
    ConnectionLimits connections,
    LaneAnswer answers,
    UnreadAnswers unread,
    TimeProvider time,
    IOptions<KestrelServerOptions> kestrel,
    IOptions<AnswerOptions> bounds,
    HostRule hosts,
    ReadTurns turns,
    IOptions<WebOptions> options)
{
    /// <summary>How many bytes a connection's buffer holds by default.</summary>
    private const int Buffered = 64 * 1024;

    /// <summary>Times above this count as unlimited. Timestamps can represent a time this far ahead.</summary>
    private static readonly TimeSpan s_forever = TimeSpan.FromDays(36_500);

    private readonly bool _trustsProxies = options.Value.TrustedProxies.Count > 0;
    private readonly byte[] _pathBase = Encoding.ASCII.GetBytes(options.Value.PathBase);

    // Kestrel limits the request line and the other lines separately. A request that may exceed one of its limits is left to Kestrel, which
    // words the refusal.
    private readonly int _maxHead = Math.Min(kestrel.Value.Limits.MaxRequestLineSize, kestrel.Value.Limits.MaxRequestHeadersTotalSize) - 2;
    private readonly int _maxFields = kestrel.Value.Limits.MaxRequestHeaderCount;

    internal Polls Polls => polls;

    internal PollLimits Limits => limits;

    internal ConnectionLimits Connections => connections;

    internal LaneAnswer Answers => answers;

    internal UnreadAnswers Unread => unread;

    internal ReadTurns Turns => turns;

    internal TimeProvider Time => time;

    /// <summary>How long a client may take to read one piece of an answer.</summary>
    internal TimeSpan SendTimeout { get; } = SendTimeOf(bounds.Value.SendTimeout, kestrel.Value.Limits.MinResponseDataRate);

    /// <summary>How long a connection may be idle: the same as in the ordinary pipeline.</summary>
    internal TimeSpan KeepAlive { get; } = kestrel.Value.Limits.KeepAliveTimeout;

    /// <summary>The timestamp at which so much time will have passed from now.</summary>
    internal long DeadlineOf(TimeSpan patience) =>
        patience > s_forever ? long.MaxValue : time.GetTimestamp() + (long)(patience.TotalSeconds * time.TimestampFrequency);

    /// <summary>
    /// Whether a poll is certainly for one of our hosts and not cross-site. In doubt the lane leaves it to the ordinary pipeline, because
    /// the lane compares no origins and trusts no proxy.
    /// </summary>
    internal bool MayServe(in RequestHead head)
    {
        if (head.HeadLength > _maxHead || head.Fields > _maxFields)
            return false;
        if (head.MayBeOfOtherSite || (hosts.Restricts && (head.IsForwardedForOtherHost || !hosts.Allows(head.Host))))
            return false;
        bool isUnknownOrigin = head.IsForwardedOverOtherScheme || head.IsForwardedForOtherHost;
        return !_trustsProxies
            || !((head.IsOwnByRefererOnly && isUnknownOrigin) || (head.IsForwardedOverOtherScheme && head.IsBrowserWithoutHostCookie));
    }

    /// <summary>
    /// Removes the path base (<see cref="SitePathBase"/>) from a target, if it is there. A proxy may pass it on or strip it.
    /// </summary>
    internal ReadOnlySpan<byte> BelowBase(ReadOnlySpan<byte> target) => target.StartsWith(_pathBase) ? target[_pathBase.Length..] : target;

    internal ConnectionDelegate Before(ConnectionDelegate ordinary) =>
        connection => ServeAsync(ordinary, connection, place: null, isOpen: true);

    /// <param name="place">The connection's place within the limit of connections; disposed when the connection ends.</param>
    /// <param name="isOpen">
    /// Whether polls are answered here. False if the endpoint does not accept HTTP/1.1; the ordinary pipeline then refuses them.
    /// </param>
    internal Task ServeAsync(ConnectionDelegate ordinary, ConnectionContext connection, IDisposable? place, bool isOpen) =>
        new LaneConnection(this, connection, place, isOpen).RunAsync(ordinary);

    /// <summary>
    /// The shorter of our own timeout and the time that Kestrel's minimum rate allows for one piece plus a full connection buffer.
    /// </summary>
    private static TimeSpan SendTimeOf(TimeSpan ours, MinDataRate? least)
    {
        if (least is null)
            return ours;
        double seconds = Math.Max(least.GracePeriod.TotalSeconds, (PieceWriter.Piece + Buffered) / least.BytesPerSecond);
        return seconds < ours.TotalSeconds ? TimeSpan.FromSeconds(seconds) : ours;
    }
}
