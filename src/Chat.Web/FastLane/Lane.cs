using System.Text;
using ErlChat.Web.Answers;
using ErlChat.Web.Comet;
using ErlChat.Web.Hosting;
using ErlChat.Web.Limits;
using ErlChat.Web.Origins;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.FastLane;

/// <summary>
/// The fast lane: a Kestrel connection middleware that answers plain polls itself and hands everything else, untouched, to the ordinary pipeline
/// (<c>docs/adr/0008</c>). One for all connections; thread-safe.
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
    private readonly bool _trustsProxies = options.Value.TrustedProxies.Count > 0;
    private readonly byte[] _pathBase = Encoding.ASCII.GetBytes(options.Value.PathBase);

    internal Polls Polls => polls;

    internal PollLimits Limits => limits;

    internal ConnectionLimits Connections => connections;

    internal LaneAnswer Answers => answers;

    internal UnreadAnswers Unread => unread;

    internal ReadTurns Turns => turns;

    internal TimeProvider Time => time;

    /// <summary>How long a client may take for a piece of an answer.</summary>
    internal TimeSpan SendTimeout { get; } = bounds.Value.SendTimeout;

    /// <summary>How long a connection may say nothing: the same as in the ordinary pipeline.</summary>
    internal TimeSpan KeepAlive { get; } = kestrel.Value.Limits.KeepAliveTimeout;

    /// <summary>The timestamp of the time when so much will have passed.</summary>
    internal long DeadlineOf(TimeSpan patience) => time.GetTimestamp() + (long)(patience.TotalSeconds * time.TimestampFrequency);

    /// <summary>
    /// Whether a poll is for a host of ours and from no other site. What the lane does not know for certain it leaves to the ordinary pipeline: it compares no origins, and believes no proxy.
    /// </summary>
    internal bool MayServe(in RequestHead head)
    {
        if (head.MayBeOfOtherSite || (hosts.Restricts && (head.IsForwardedForOtherHost || !hosts.Allows(head.Host))))
            return false;
        bool isUnknownOrigin = head.IsForwardedOverOther || head.IsForwardedForOtherHost;
        return !_trustsProxies || !((head.IsTrustedForReferer && isUnknownOrigin) || (head.IsForwardedOverOther && head.IsOfBrowserWithPlainCookie));
    }

    /// <summary>A target without the path base (<see cref="SitePathBase"/>), if it has it: proxies may pass it on or take it away.</summary>
    internal ReadOnlySpan<byte> BelowBase(ReadOnlySpan<byte> target) => target.StartsWith(_pathBase) ? target[_pathBase.Length..] : target;

    internal ConnectionDelegate Before(ConnectionDelegate ordinary) => connection => ServeAsync(ordinary, connection, place: null);

    /// <param name="place">What the connection holds of the limit of connections; disposed when it ends.</param>
    internal Task ServeAsync(ConnectionDelegate ordinary, ConnectionContext connection, IDisposable? place) => new LaneConnection(this, connection, place).RunAsync(ordinary);
}
