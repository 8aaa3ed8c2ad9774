using System.ComponentModel.DataAnnotations;
using System.Net;

namespace ErlChat.Web.Peer;

/// <summary>The peer port, configuration section <c>Peer</c>. Checked when the server starts.</summary>
public sealed class PeerOptions
{
    /// <summary>Configuration section that these are bound from.</summary>
    public const string Section = "Peer";

    /// <summary>The port to listen on. Without it, the environment variable <c>PORT</c> counts.</summary>
    /// <value>0 to 65 535; 0 turns the peer port off. 5555 by default; when only that default is taken, the server says so and goes on without.</value>
    [Range(0, 65_535)]
    public int Port { get; set; } = 5555;

    /// <summary>The address to listen on: anybody who reaches it can have bytes echoed.</summary>
    /// <value>An IP address; 127.0.0.1 by default, 0.0.0.0 for all.</value>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Peers that may be connected at a time; one more is closed at once.</summary>
    /// <value>1 to 100 000; 2 000 by default.</value>
    [Range(1, 100_000)]
    public int MaxConnections { get; set; } = 2000;

    /// <summary>How long a peer may neither send nor take anything before it is disconnected.</summary>
    /// <value>100 ms to a day; 5 min by default.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Bytes a second that each peer has echoed; a second's worth may come at once. A faster one is read more slowly.</summary>
    /// <value>1 KiB to 1 GiB; 4 MiB by default.</value>
    [Range(1024, 1024 * 1024 * 1024)]
    public int BytesPerSecond { get; set; } = 4 * 1024 * 1024;

    /// <summary>Reads a second of each peer, however few bytes each brings; a second's worth may come at once. A faster one is read more slowly.</summary>
    /// <value>1 to 1 000 000; 1 000 by default.</value>
    [Range(1, 1_000_000)]
    public int ReadsPerSecond { get; set; } = 1000;

    /// <summary>Lines that all peers together make the server write to its log; a minute's worth may come at once. How many were left out is said in the next.</summary>
    /// <value>1 to 1 000 000; 600 by default, a kilobyte a second.</value>
    [Range(1, 1_000_000)]
    public int LogLinesPerMinute { get; set; } = 600;

    /// <summary>Bytes held for each peer, each way. One that does not take its echo is not read any more.</summary>
    /// <value>4 KiB to 16 MiB; 64 KiB by default.</value>
    [Range(4096, 16 * 1024 * 1024)]
    public int MaxBuffered { get; set; } = 64 * 1024;

    /// <summary>Whether the port was asked for, not just left at its default.</summary>
    internal bool IsChosen { get; set; }

    /// <summary>What is listened on. Call it on validated options.</summary>
    internal IPEndPoint EndPoint => new(IPAddress.Parse(Address), Port);
}
