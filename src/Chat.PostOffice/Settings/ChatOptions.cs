using System.ComponentModel.DataAnnotations;

namespace ErlChat.Settings;

/// <summary>The bounds and times of the chat, configuration section <c>Chat</c>. Checked when the server starts.</summary>
public sealed class ChatOptions
{
    /// <summary>Configuration section that these are bound from.</summary>
    public const string Section = "Chat";

    /// <summary>How long a poll is parked before it is answered <c>reconnect</c>.</summary>
    /// <value>50 ms to 10 min; 25 s by default, which with the jitter is below the limits of common proxies (nginx 60 s, haproxy 50 s,
    /// clouds and phones 30 s). The original had 90 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")]
    public TimeSpan PollTimeout { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>How far a single poll's time may be from <see cref="PollTimeout"/> at random, either way, so that polls do not return in step.</summary>
    /// <value>0 up to less than <see cref="PollTimeout"/>; 5 s by default.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan PollJitter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long the server may take to stop, whatever its clients do; <see cref="StopBudget"/> shares it out. A service manager should wait
    /// longer than this before it kills.
    /// </summary>
    /// <value>2 s to 1 min; 5 s by default.</value>
    [Range(typeof(TimeSpan), "00:00:02", "00:01:00")]
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a session without any call and without a parked poll lives.</summary>
    /// <value>More than <see cref="PollTimeout"/> + <see cref="PollJitter"/> + <see cref="CheckIdle"/>, at most a day; 160 s by default, as the original.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan IdleLimit { get; set; } = TimeSpan.FromSeconds(160);

    /// <summary>How often idle sessions are looked for.</summary>
    /// <value>10 ms to 1 min; 5 s by default.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan CheckIdle { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many live sessions one address may have; IPv6 is counted by /64.</summary>
    /// <value>1 to 1 000 000; 32 by default. The original had 3.</value>
    [Range(1, 1_000_000)]
    public int MaxSessionsPerHost { get; set; } = 32;

    /// <summary>Characters of a nick; longer ones are cut.</summary>
    /// <value>1 to 64; 16 by default, as the original.</value>
    [Range(1, 64)]
    public int MaxNickLength { get; set; } = 16;

    /// <summary>Characters (text elements) of a message; a longer one is refused.</summary>
    /// <value>1 to 20 000; 2 000 by default. The original cut at 256 bytes.</value>
    [Range(1, 20_000)]
    public int MaxMessageLength { get; set; } = 2000;

    /// <summary>Bytes of a message in UTF-8; a longer one is refused. Bounds what one message costs the log, every mailbox and every browser.</summary>
    /// <value>64 B to 64 KiB; 16 KiB by default: 2 000 characters of eight bytes, as emoji with a skin tone have.</value>
    [Range(64, 65_536)]
    public int MaxMessageBytes { get; set; } = 16 * 1024;

    /// <summary>Combining marks on one letter, of messages and of names; a text with more is refused as too long. Bounds what a browser draws as one character.</summary>
    /// <value>1 to 100; 8 by default. Written languages need up to five or so (Tibetan, Hebrew with points and accents).</value>
    [Range(1, 100)]
    public int MaxMarksPerLetter { get; set; } = 8;

    /// <summary>Messages and commands that a session may send at once; refilled evenly over <see cref="RateLimitWindow"/>.</summary>
    /// <value>1 to 100 000; 10 by default, as the original.</value>
    [Range(1, 100_000)]
    public int RateLimitCount { get; set; } = 10;

    /// <summary>The time in which <see cref="RateLimitCount"/> messages are refilled.</summary>
    /// <value>10 ms to 1 h; 3 s by default, as the original.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan RateLimitWindow { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Polls of one session (browser tabs) that may be parked together; one more ends the oldest.</summary>
    /// <value>1 to 64; 4 by default.</value>
    [Range(1, 64)]
    public int MaxWaitsPerSession { get; set; } = 4;

    /// <summary>Items of mail that a mailbox holds. A reader that fell further behind is told to <c>resync</c>.</summary>
    /// <value>1 to 100 000; 1 000 by default.</value>
    [Range(1, 100_000)]
    public int MaxMailboxItems { get; set; } = 1000;

    /// <summary>Bytes of mail that a mailbox holds, estimated from their text.</summary>
    /// <value>4 KiB to 64 MiB; 1 MiB by default. A single message above it is held all the same.</value>
    [Range(4096, 64 * 1024 * 1024)]
    public int MaxMailboxBytes { get; set; } = 1024 * 1024;

    /// <summary>
    /// Bytes of mail that all mailboxes hold together, estimated from their text; a mail that many hold counts once. Beyond it the fullest mailboxes are emptied, and their readers told to
    /// <c>resync</c>.
    /// </summary>
    /// <value>Not below <see cref="MaxMailboxBytes"/>, at most 64 GiB; 128 MiB by default, which takes up to 2.5 times as much memory.</value>
    [Range(4096L, 64L * 1024 * 1024 * 1024)]
    public long MaxMailboxBytesTotal { get; set; } = 128L * 1024 * 1024;

    /// <summary>Items of mail that a mailbox keeps although a poll has acknowledged them, for slower tabs of the same session.</summary>
    /// <value>0 up to <see cref="MaxMailboxItems"/>; 30 by default: three full bursts of one sender (<see cref="RateLimitCount"/>), in a ring of 32; a ring of 64 costs 256 bytes more for each session.</value>
    [Range(0, 100_000)]
    public int KeepAcknowledged { get; set; } = 30;

    /// <summary>Rooms that may exist at a time.</summary>
    /// <value>1 to 1 000 000; 10 000 by default.</value>
    [Range(1, 1_000_000)]
    public int MaxRooms { get; set; } = 10_000;

    /// <summary>Rooms that one session may be in at a time.</summary>
    /// <value>1 to 10 000; 50 by default.</value>
    [Range(1, 10_000)]
    public int MaxRoomsPerSession { get; set; } = 50;

    /// <summary>How long a search may take, waiting for its turn included; then it is given up and refused with <c>too_slow</c>.</summary>
    /// <value>50 ms to 1 min; 2 s by default.</value>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan SearchTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Messages that each room's history keeps in memory.</summary>
    /// <value>0 to 100 000; 1 000 by default.</value>
    [Range(0, 100_000)]
    public int HistoryPerRoom { get; set; } = 1000;

    /// <summary>Bytes of messages that each room's history keeps in memory, and that of each session's private messages, estimated from their text.</summary>
    /// <value>4 KiB to 1 GiB; 1 MiB by default, as <see cref="MaxMailboxBytes"/>. A single message above it is kept all the same.</value>
    [Range(4096, 1024 * 1024 * 1024)]
    public int HistoryBytesPerRoom { get; set; } = 1024 * 1024;

    /// <summary>The same of all histories together. Beyond it the largest lose the older half of what they have.</summary>
    /// <value>Not below <see cref="HistoryBytesPerRoom"/>, at most 64 GiB; 128 MiB by default, as <see cref="MaxMailboxBytesTotal"/>.</value>
    [Range(4096L, 64L * 1024 * 1024 * 1024)]
    public long HistoryBytesTotal { get; set; } = 128L * 1024 * 1024;
}
