using ErlChat.Settings;

namespace ErlChat.Limits;

/// <summary>
/// What strangers may ask of the server, configuration section <c>Limits</c>; checked when the server starts. The message rate of a session is
/// <see cref="ChatOptions.RateLimitCount"/>. An address's budget outlives its sessions.
/// </summary>
/// <remarks>
/// The defaults are for a household, a class of 30 and an office behind one address. Thirty people who type as fast as they can read make about 10 messages a second; a page that is
/// opened makes 8 to 12 calls, and one that comes back after a restart as many.
/// </remarks>
public sealed class LimitOptions
{
    /// <summary>Configuration section that these are bound from.</summary>
    public const string Section = "Limits";

    /// <summary>
    /// Whether the limits by address, for the server, and on a session's reads and bytes are in force; the message rate of a session always
    /// is.
    /// </summary>
    /// <value>True by default. Use false for measurements, or if something in front of the server limits clients.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>Messages, commands, and rooms entered and left.</summary>
    /// <value>
    /// An address: 150 at once (15 sessions in full burst), 30 a second, three times what a class types. The server: 2 000 at once, 1 000 a
    /// second.
    /// </value>
    public SharedRates Messages { get; } = new(new RateOptions(150, 5), new RateOptions(2000, 2));

    /// <summary>Bytes that commands add to the log: their text in UTF-8, plus 256 for each entry.</summary>
    /// <value>
    /// A session: 256 KiB at once (16 of the longest messages), 32 KiB a second. An address: 1 MiB, 128 KiB a second. The server: 32 MiB, 8
    /// MiB a second, which an ordinary disk can write.
    /// </value>
    public SessionRates LogBytes { get; } = new(new RateOptions(256 << 10, 8), new RateOptions(1 << 20, 8), new RateOptions(32 << 20, 4));

    /// <summary>Logins; each also pays for the later leave.</summary>
    /// <value>
    /// An address: 40 at once (a class of 30 and some typing errors), then 1 every 3 seconds. The server: 500 at once, 50 a second.
    /// </value>
    public SharedRates Logins { get; } = new(new RateOptions(40, 120), new RateOptions(500, 10));

    /// <summary>Requests that are answered at once, including files and pages, but not polls that wait.</summary>
    /// <value>
    /// A session: 120 at once (a page enters 50 rooms), 20 a second. An address: 3 000 at once, 300 a second: a class of 30 opens the page
    /// for the first time, with 50 files and 10 calls each. The server: 50 000 at once, 5 000 a second: 10 000 sessions return after a
    /// restart.
    /// </value>
    public SessionRates Reads { get; } = new(new RateOptions(120, 6), new RateOptions(3000, 10), new RateOptions(50_000, 10));

    /// <summary>
    /// Requests for <c>/healthz</c>, <c>/readyz</c> and <c>/metrics</c>, counted apart from reads so that a busy proxy's own probe is
    /// answered.
    /// </summary>
    /// <value>An address: 60 at once, 10 a second, for ten monitors. The server: 1 000 at once, 100 a second.</value>
    public SharedRates Probes { get; } = new(new RateOptions(60, 6), new RateOptions(1000, 10));

    /// <summary>
    /// WebSocket pings, pongs and empty fragments of one connection; above it the connection is closed with 1008. It also applies to
    /// <c>ping</c> records, which are only answered later.
    /// </summary>
    /// <value>60 at once, 10 a second. flack's clients send a ping every 20 s, or after each message.</value>
    public RateOptions ControlFrames { get; } = new(60, 6);

    /// <summary>Open connections.</summary>
    public ConnectionOptions Connections { get; } = new();

    /// <summary>How many times the budget of one IPv6 /64 a whole /48 has, since providers give a customer a /56 or a /48.</summary>
    /// <value>1 to 1 000; 8 by default.</value>
    public int NetworkFactor { get; set; } = 8;

    /// <summary>How long each limit may delay the answer to a poll that repeats an earlier one, at most.</summary>
    /// <value>0 to 10 s; 2 s by default, below the time-outs of clients.</value>
    public TimeSpan LongestDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Options without limits.</summary>
    public static LimitOptions Off() => new() { Enabled = false };
}
