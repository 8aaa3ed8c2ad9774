namespace ErlChat.Client;

/// <summary>
/// The times and limits of a <see cref="ChatClient"/>. Immutable.
/// <see cref="ChatClient.LoginAsync(Uri, string, ChatClientOptions?, CancellationToken)"/> checks them.
/// </summary>
public sealed record ChatClientOptions
{
    /// <summary>How long an ordinary call may take before it counts as lost and is repeated.</summary>
    /// <value>More than 0; 15 s by default.</value>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How much longer than the server's own poll time a poll may take before its connection counts as dead.</summary>
    /// <value>More than 0; 15 s by default, three times the server's default jitter.</value>
    public TimeSpan WaitSlack { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long a connection may take if the chat has several servers. Then the next one is asked. With one server, or with your own
    /// <see cref="Handler"/>, only <see cref="RequestTimeout"/> counts.
    /// </summary>
    /// <value>More than 0; 5 s by default.</value>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long to retry a login while the server cannot be reached.</summary>
    /// <value>0 for a single try at each server; 10 s by default.</value>
    public TimeSpan LoginPatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long to retry every other call while the server cannot be reached or asks to slow down.</summary>
    /// <value>0 to 9 min, because the server remembers an idempotency key for 10; 2 min by default.</value>
    public TimeSpan CallPatience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How long to retry a login if this client itself may hold the nick, because the answer to its login was lost or the server has ended
    /// its session.
    /// </summary>
    /// <value>0 or more; 3 min by default, longer than the 160 s after which a server ends a silent session.</value>
    public TimeSpan ReclaimPatience { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>
    /// The first pause after a failure. Each further failure doubles it. Each pause is shortened at random by up to a half.
    /// </summary>
    /// <value>More than 0; 250 ms by default.</value>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest pause between two tries, unless the server asks for a longer one (up to 10 min).</summary>
    /// <value>At least <see cref="FirstPause"/>; 15 s by default.</value>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The longest time that one of several servers is left alone after it failed. The first time is <see cref="FirstPause"/>, and each
    /// further failure doubles it. If all servers have failed, they are tried in turn, with the pauses above.
    /// </summary>
    /// <value>At least <see cref="FirstPause"/>; 1 min by default.</value>
    public TimeSpan LongestRest { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How many events are buffered for a slow reader. When the buffer is full, polling pauses, and the server keeps the mail up to its own
    /// limit.
    /// </summary>
    /// <value>1 or more; 1 000 by default.</value>
    public int MaxBufferedEvents { get; init; } = 1000;

    /// <summary>How many messages may wait to be sent. One more is refused with <see cref="ChatRefusal.TooManyPending"/>.</summary>
    /// <value>1 or more; 1 000 by default.</value>
    public int MaxPendingSends { get; init; } = 1000;

    /// <summary>How many bytes an answer may have. A longer one is not read and counts as a gap (<see cref="Resynced"/>).</summary>
    /// <value>64 KiB or more; 16 MiB by default.</value>
    public int MaxAnswerBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>How many items of history <see cref="Resynced"/> contains at most for each room.</summary>
    /// <value>0 or more; 1 000 by default.</value>
    public int MaxCatchUp { get; init; } = 1000;

    /// <summary>
    /// Whether the client logs in again, with the same nick and into the same rooms, if the server no longer knows its session.
    /// </summary>
    /// <value>True by default. A kicked or banned client does not log in again.</value>
    public bool Rejoin { get; init; } = true;

    /// <summary>
    /// Whether disposing a client leaves the chat, trying for at most 2 s. Otherwise the nick stays taken until the server ends the
    /// session.
    /// </summary>
    /// <value>True by default.</value>
    public bool LeaveOnDispose { get; init; } = true;

    /// <summary>Whether <see cref="ChatClient.ReadAsync"/> also returns <see cref="PersonTyping"/>.</summary>
    /// <value>False by default.</value>
    public bool WatchTyping { get; init; }

    /// <summary>The clock for all pauses and time-outs.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>
    /// Sends the requests, for example through a proxy or with your own certificates. It must neither follow redirects nor keep cookies. It
    /// is not disposed.
    /// </summary>
    /// <value>Null by default: the client creates its own <see cref="SocketsHttpHandler"/>.</value>
    public HttpMessageHandler? Handler { get; init; }

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(RequestTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(WaitSlack, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ConnectTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(LoginPatience, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(CallPatience, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(CallPatience, TimeSpan.FromMinutes(9));
        ArgumentOutOfRangeException.ThrowIfLessThan(ReclaimPatience, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(FirstPause, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(LongestPause, FirstPause);
        ArgumentOutOfRangeException.ThrowIfLessThan(LongestRest, FirstPause);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBufferedEvents, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxPendingSends, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxAnswerBytes, 64 * 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxCatchUp, 0);
    }
}
