using System.ComponentModel.DataAnnotations;

namespace ErlChat.Web.Flack;

/// <summary>The bounds and times of the flack door, configuration section <c>Flack</c>. Checked when the server starts.</summary>
public sealed class FlackOptions
{
    /// <summary>Configuration section that these are bound from.</summary>
    public const string Section = "Flack";

    /// <summary>How long a client may send nothing, not even a WebSocket ping, before its connection is closed with 1000.</summary>
    /// <value>100 ms to 1 day; 60 s by default, as in the original.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan IdleLimit { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long one write may wait for a client that does not read before the connection is closed with 1008.</summary>
    /// <value>50 ms to 10 min; 10 s by default.</value>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")]
    public TimeSpan SendLimit { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a client whose messages are being delayed may keep sending faster than the rate limit before its connection is closed with
    /// 1008.
    /// </summary>
    /// <value>0 to 10 min; 3 s by default.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan FloodLimit { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a close waits for the client to read the last records and to answer with its own close frame.</summary>
    /// <value>10 ms to 1 min; 2 s by default.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan CloseLimit { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a client may take to authenticate before its connection is closed with 1008.</summary>
    /// <value>100 ms to 1 day; 10 s by default, since hello and authenticate are only two messages.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan AuthenticateLimit { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many bytes a message may have, all fragments together; a longer one closes the connection with 1009.</summary>
    /// <value>1 KiB to 1 MiB; 64 KiB by default.</value>
    [Range(1024, 1024 * 1024)]
    public int MaxFrameBytes { get; set; } = 64 * 1024;

    /// <summary>
    /// How many requests of one connection may wait for earlier ones. Beyond that the server stops reading, so that a fast sender waits
    /// too.
    /// </summary>
    /// <value>1 to 1 000; 16 by default.</value>
    [Range(1, 1000)]
    public int MaxQueuedRequests { get; set; } = 16;

    /// <summary>How many flack connections may be open at a time; further upgrades are refused with 503.</summary>
    /// <value>1 to 1 000 000; 10 000 by default.</value>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; set; } = 10_000;
}
