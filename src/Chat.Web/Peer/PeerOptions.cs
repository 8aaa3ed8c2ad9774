using System.ComponentModel.DataAnnotations;
using System.Net;

namespace ErlChat.Web.Peer;

/// <summary>The peer port, configuration section <c>Peer</c>. Checked when the server starts.</summary>
public sealed class PeerOptions
{
    /// <summary>Configuration section that these are bound from.</summary>
    public const string Section = "Peer";

    /// <summary>The port to listen on. If it is not set, the environment variable <c>PORT</c> is used.</summary>
    /// <value>
    /// 0 to 65 535; 0 turns the peer port off. 5555 by default. If only that default is taken, the server logs a warning and runs without
    /// it.
    /// </value>
    [Range(0, 65_535)]
    public int Port { get; set; } = 5555;

    /// <summary>The address to listen on; anyone who can reach it can have bytes echoed.</summary>
    /// <value>An IP address; 127.0.0.1 by default, 0.0.0.0 for all addresses.</value>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>How many peers may be connected at a time; one more is closed at once.</summary>
    /// <value>1 to 100 000; 2 000 by default.</value>
    [Range(1, 100_000)]
    public int MaxConnections { get; set; } = 2000;

    /// <summary>How long a peer may neither send nor receive anything before it is disconnected.</summary>
    /// <value>100 ms to a day; 5 min by default.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How many bytes per second are echoed for each peer; a second's worth may come at once. A faster peer is read more slowly.
    /// </summary>
    /// <value>1 KiB to 1 GiB; 4 MiB by default.</value>
    [Range(1024, 1024 * 1024 * 1024)]
    public int BytesPerSecond { get; set; } = 4 * 1024 * 1024;

    /// <summary>
    /// How many reads per second each peer may cause, however few bytes each returns; a second's worth may come at once. A faster peer is
    /// read more slowly.
    /// </summary>
    /// <value>1 to 1 000 000; 1 000 by default.</value>
    [Range(1, 1_000_000)]
    public int ReadsPerSecond { get; set; } = 1000;

    /// <summary>
    /// How many log lines per minute all peers together may cause; a minute's worth may come at once. The next line says how many were left
    /// out.
    /// </summary>
    /// <value>1 to 1 000 000; 600 by default, about a kilobyte per second.</value>
    [Range(1, 1_000_000)]
    public int LogLinesPerMinute { get; set; } = 600;

    /// <summary>
    /// How many bytes are buffered for each peer, in each direction. The server stops reading from a peer that does not read its echo.
    /// </summary>
    /// <value>4 KiB to 16 MiB; 64 KiB by default.</value>
    [Range(4096, 16 * 1024 * 1024)]
    public int MaxBuffered { get; set; } = 64 * 1024;

    /// <summary>Whether the port was asked for, not just left at its default.</summary>
    internal bool IsChosen { get; set; }

    /// <summary>What is listened on. Call it on validated options.</summary>
    internal IPEndPoint EndPoint => new(IPAddress.Parse(Address), Port);
}
