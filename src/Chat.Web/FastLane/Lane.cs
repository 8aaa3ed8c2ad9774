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
/// The fast lane: a Kestrel connection middleware that answers plain polls itself and hands everything else, untouched, to the ordinary
/// pipeline (<c>docs/adr/0008</c>). One for all connections; thread-safe.
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
    /// <summary>Bytes that a connection's buffer holds, unless told otherwise.</summary>
    private const int Buffered = 64 * 1024;

    /// <summary>A longer time than this is for ever; timestamps can count so far.</summary>
    private static readonly TimeSpan s_forever = TimeSpan.FromDays(36_500);

    private readonly bool _trustsProxies = options.Value.TrustedProxies.Count > 0;
    private readonly byte[] _pathBase = Encoding.ASCII.GetBytes(options.Value.PathBase);

    // Kestrel bounds the first line and the others each by themselves. What may be over a bound of theirs is theirs to refuse, in their
    // words.
    private readonly int _maxHead = Math.Min(kestrel.Value.Limits.MaxRequestLineSize, kestrel.Value.Limits.MaxRequestHeadersTotalSize) - 2;
    private readonly int _maxFields = kestrel.Value.Limits.MaxRequestHeaderCount;

    internal Polls Polls => polls;

    internal PollLimits Limits => limits;

    internal ConnectionLimits Connections => connections;

    internal LaneAnswer Answers => answers;

    internal UnreadAnswers Unread => unread;

    internal ReadTurns Turns => turns;

    internal TimeProvider Time => time;

    /// <summary>How long a client may take for a piece of an answer.</summary>
    internal TimeSpan SendTimeout { get; } = SendTimeOf(bounds.Value.SendTimeout, kestrel.Value.Limits.MinResponseDataRate);

    /// <summary>How long a connection may say nothing: the same as in the ordinary pipeline.</summary>
    internal TimeSpan KeepAlive { get; } = kestrel.Value.Limits.KeepAliveTimeout;

    /// <summary>The timestamp of the time when so much will have passed.</summary>
    internal long DeadlineOf(TimeSpan patience) =>
        patience > s_forever ? long.MaxValue : time.GetTimestamp() + (long)(patience.TotalSeconds * time.TimestampFrequency);

    /// <summary>
    /// Whether a poll is for a host of ours and from no other site. What the lane does not know for certain it leaves to the ordinary
    /// pipeline: it compares no origins, and believes no proxy.
    /// </summary>
    internal bool MayServe(in RequestHead head)
    {
        if (head.HeadLength > _maxHead || head.Fields > _maxFields)
            return false;
        if (head.MayBeOfOtherSite || (hosts.Restricts && (head.IsForwardedForOtherHost || !hosts.Allows(head.Host))))
            return false;
        bool isUnknownOrigin = head.IsForwardedOverOther || head.IsForwardedForOtherHost;
        return !_trustsProxies || !((head.IsTrustedForReferer && isUnknownOrigin) || (head.IsForwardedOverOther && head.IsOfBrowserWithPlainCookie));
    }

    /// <summary>
    /// A target without the path base (<see cref="SitePathBase"/>), if it has it: proxies may pass it on or take it away.
    /// </summary>
    internal ReadOnlySpan<byte> BelowBase(ReadOnlySpan<byte> target) => target.StartsWith(_pathBase) ? target[_pathBase.Length..] : target;

    internal ConnectionDelegate Before(ConnectionDelegate ordinary) =>
        connection => ServeAsync(ordinary, connection, place: null, isOpen: true);

    /// <param name="place">What the connection holds of the limit of connections; disposed when it ends.</param>
    /// <param name="isOpen">Whether polls are answered here; false where the endpoint takes no HTTP/1.1, which is for the ordinary pipeline
    /// to say.</param>
    internal Task ServeAsync(ConnectionDelegate ordinary, ConnectionContext connection, IDisposable? place, bool isOpen) =>
        new LaneConnection(this, connection, place, isOpen).RunAsync(ordinary);

    /// <summary>
    /// The shorter of ours and of what Kestrel's least rate allows for as much as one piece and a connection's buffer hold.
    /// </summary>
    private static TimeSpan SendTimeOf(TimeSpan ours, MinDataRate? least)
    {
        if (least is null)
            return ours;
        double seconds = Math.Max(least.GracePeriod.TotalSeconds, (PieceWriter.Piece + Buffered) / least.BytesPerSecond);
        return seconds < ours.TotalSeconds ? TimeSpan.FromSeconds(seconds) : ours;
    }
}
