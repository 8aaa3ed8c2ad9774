using ErlChat.Web.Answers;
using ErlChat.Web.Comet;
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
    LaneAnswer answers,
    UnreadAnswers unread,
    TimeProvider time,
    IOptions<KestrelServerOptions> kestrel,
    IOptions<AnswerOptions> bounds,
    IConfiguration configuration)
{
    /// <summary>Whether polls are taken at all. The lane knows nothing of the check of hosts, so where hosts are checked, all goes the ordinary way.</summary>
    internal bool TakesPolls { get; } = configuration["AllowedHosts"] is null or "" or "*";

    internal Polls Polls => polls;

    internal LaneAnswer Answers => answers;

    internal UnreadAnswers Unread => unread;

    internal TimeProvider Time => time;

    /// <summary>How long a client may take for a piece of an answer.</summary>
    internal TimeSpan SendTimeout { get; } = bounds.Value.SendTimeout;

    /// <summary>How long a connection may say nothing: the same as in the ordinary pipeline.</summary>
    internal TimeSpan KeepAlive { get; } = kestrel.Value.Limits.KeepAliveTimeout;

    /// <summary>The timestamp of the time when so much will have passed.</summary>
    internal long DeadlineOf(TimeSpan patience) => time.GetTimestamp() + (long)(patience.TotalSeconds * time.TimestampFrequency);

    internal ConnectionDelegate Before(ConnectionDelegate ordinary) => connection => new LaneConnection(this, connection).RunAsync(ordinary);
}
