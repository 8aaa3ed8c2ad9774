namespace ErlChat.Client;

/// <summary>The times and bounds of a <see cref="ChatClient"/>. Immutable; checked by <see cref="ChatClient.LoginAsync(Uri, string, ChatClientOptions?, CancellationToken)"/>.</summary>
public sealed record ChatClientOptions
{
    /// <summary>How long one ordinary call may take before it counts as lost and is tried again.</summary>
    /// <value>More than 0; 15 s by default.</value>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How much longer than the server's own poll time a poll may take before its connection counts as dead.</summary>
    /// <value>More than 0; 15 s by default, three times the server's default jitter.</value>
    public TimeSpan WaitSlack { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a login is tried again while the server cannot be reached.</summary>
    /// <value>0 for a single try; 10 s by default.</value>
    public TimeSpan LoginPatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long every other call is tried again while the server cannot be reached or asks to slow down.</summary>
    /// <value>0 to 9 min, since the server remembers an idempotency key for 10; 2 min by default.</value>
    public TimeSpan CallPatience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a nick is asked for again that this client may itself be holding: the answer to its login was lost, or the server has ended its session.</summary>
    /// <value>0 or more; 3 min by default, longer than the 160 s after which a server forgets a silent session.</value>
    public TimeSpan ReclaimPatience { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>The first pause after a failure; doubled by each further one. Each pause is shortened at random by up to a half.</summary>
    /// <value>More than 0; 250 ms by default.</value>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest pause between two tries, unless the server asks for a longer one (believed up to 10 min).</summary>
    /// <value>At least <see cref="FirstPause"/>; 15 s by default.</value>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Events held for a reader that is slow. When they are that many, polling pauses; the server then keeps the mail, up to its own bound.</summary>
    /// <value>1 or more; 1 000 by default.</value>
    public int MaxBufferedEvents { get; init; } = 1000;

    /// <summary>Messages that may wait to be sent; one more is refused with <see cref="ChatRefusal.TooManyPending"/>.</summary>
    /// <value>1 or more; 1 000 by default.</value>
    public int MaxPendingSends { get; init; } = 1000;

    /// <summary>Bytes of one answer; a longer one is not read, and counts as a gap (<see cref="Resynced"/>).</summary>
    /// <value>64 KiB or more; 16 MiB by default.</value>
    public int MaxAnswerBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Items of history that <see cref="Resynced"/> fetches of each room.</summary>
    /// <value>0 or more; 1 000 by default.</value>
    public int MaxCatchUp { get; init; } = 1000;

    /// <summary>Whether the client logs in again, under the same nick and into the same rooms, when the server has forgotten its session.</summary>
    /// <value>True by default. Who was kicked or banned stays out.</value>
    public bool Rejoin { get; init; } = true;

    /// <summary>Whether disposing a client that is still in the chat leaves it, trying for 2 s at the most. Without, the nick is taken until the server notices.</summary>
    /// <value>True by default.</value>
    public bool LeaveOnDispose { get; init; } = true;

    /// <summary>The clock of every pause and time-out.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>What sends the requests, for a proxy or certificates of one's own; it must neither follow redirects nor keep cookies. Not disposed.</summary>
    /// <value>Null by default: a <see cref="SocketsHttpHandler"/> of the client's own.</value>
    public HttpMessageHandler? Handler { get; init; }

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(RequestTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(WaitSlack, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(LoginPatience, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(CallPatience, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(CallPatience, TimeSpan.FromMinutes(9));
        ArgumentOutOfRangeException.ThrowIfLessThan(ReclaimPatience, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(FirstPause, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(LongestPause, FirstPause);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBufferedEvents, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxPendingSends, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxAnswerBytes, 64 * 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxCatchUp, 0);
    }
}
