using System.Text;
using System.Threading.RateLimiting;
using ErlChat.Outcomes;
using ErlChat.Sessions;
using ErlChat.Settings;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ErlChat.Limits;

/// <summary>
/// The one place that limits what clients may demand, whichever door they use: messages, bytes to the log, logins, reads and connections;
/// per session, per address and for the whole server. A limit that is unused and fully refilled is forgotten after 10 s. Nothing of this is
/// in the log, but what other nodes have allowed is charged from their entries.
/// </summary>
/// <remarks>
/// Thread-safe. A caller that waits as long as a refusal says passes the limit that refused it, unless another client at the same address
/// was faster. Another limit may still refuse it.
/// </remarks>
public sealed partial class Admission : IDisposable
{
    /// <summary>What an entry weighs in the log besides its text, in bytes: ids, time, names and the row around them.</summary>
    public const int EntryBytes = 256;

    /// <summary>How many characters an answer may have before its bytes are charged too.</summary>
    internal const int LongAnswer = EntryBytes * 4;

    /// <summary>What a session is told when it is over the limit of messages. This notice is not charged.</summary>
    internal const string TooFast = "You are sending messages too fast. Please wait a few seconds and try again.";

    private readonly LimitOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<Admission> _logger;
    private readonly LimitChain _messages;
    private readonly LimitChain _logBytes;
    private readonly LimitChain _logins;
    private readonly LimitChain _reads;
    private readonly LimitChain _probes;
    private readonly PartitionedRateLimiter<string> _ofServer;
    private readonly PartitionedRateLimiter<string> _ofNetwork;
    private readonly PartitionedRateLimiter<string> _ofAddress;

    /// <summary>Limits the lines in the server's own log: an attacker with many addresses could otherwise fill it.</summary>
    private readonly BucketLimiter _lines;
    private int _connections;

    public Admission(IOptions<LimitOptions> options, IOptions<ChatOptions> chat, TimeProvider time, ILogger<Admission> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(chat);
        (_options, _time, _logger) = (options.Value, time, logger);
        RateOptions session = new() { Count = chat.Value.RateLimitCount, Window = chat.Value.RateLimitWindow };
        _messages = new LimitChain(
            LimitKind.Messages,
            _options,
            time,
            session,
            _options.Messages.Address,
            _options.Messages.Server,
            alwaysSession: true);
        _logBytes = Chain(LimitKind.LogBytes, _options.LogBytes);
        _logins = new LimitChain(LimitKind.Logins, _options, time, null, _options.Logins.Address, _options.Logins.Server);
        _reads = Chain(LimitKind.Reads, _options.Reads);
        _probes = new LimitChain(LimitKind.Probes, _options, time, null, _options.Probes.Address, _options.Probes.Server);
        ConnectionLimit = !_options.Enabled
            ? 0
            : _options.Connections.Server ?? OpenFiles.ConnectionsFor(OpenFiles.Limit(), OpenFiles.Used());
        int address = _options.Enabled ? _options.Connections.Address : 0;
        // Connections are counted even if there is no limit.
        _ofServer = LimitChain.Places(LimitScope.Server, ConnectionLimit == 0 ? int.MaxValue : ConnectionLimit, time);
        _ofNetwork = LimitChain.Places(LimitScope.Network, (int)Math.Min((long)address * _options.NetworkFactor, int.MaxValue), time);
        _ofAddress = LimitChain.Places(LimitScope.Address, address, time);
        _lines = new BucketLimiter(20, TimeSpan.FromMinutes(1), default, time);

        LimitChain Chain(LimitKind kind, SessionRates rates) =>
            new(kind, _options, time, rates.Session, rates.Address, rates.Server);
    }

    /// <summary>
    /// Raised when a limit refuses a caller, or only makes it wait. Runs on the caller's thread, so handlers must be quick.
    /// </summary>
    public event Action<Limit>? Refusing;

    /// <summary>How many connections the server accepts at a time; 0 means no limit.</summary>
    public int ConnectionLimit { get; }

    /// <summary>
    /// Charges a command: one message and its bytes. Returns null, or <see cref="Refusal.RateLimited"/> with the time to wait.
    /// </summary>
    /// <param name="session">The caller's session.</param>
    /// <param name="host">Canonical address (<see cref="HostAddress"/>).</param>
    /// <param name="text">The text that goes to the log.</param>
    public Refused? Message(SessionKey session, string host, string text)
    {
        var caller = Caller.Of(session, host);
        RateLimitLease message = _messages.AttemptAcquire(caller);
        if (!message.IsAcquired)
            return RefusalOf(message, caller);
        if (Bytes(caller, text) is not { } refused)
            return null;
        message.Dispose();
        return refused;
    }

    /// <summary>Charges only bytes to the log, for an answer that is an entry. Returns null, or a refusal.</summary>
    /// <inheritdoc cref="Message" path="/param"/>
    public Refused? LogBytes(SessionKey session, string host, string text) => Bytes(Caller.Of(session, host), text);

    /// <summary>Charges a login. Returns null, or a refusal.</summary>
    /// <inheritdoc cref="Message" path="/param"/>
    public Refused? Login(string host) => Take(_logins, Caller.Of(null, host));

    /// <summary>
    /// Charges the session and its address for a command that another node has accepted, so that nobody gets more by using several nodes.
    /// The server's limit is this node's own, and is not charged.
    /// </summary>
    /// <inheritdoc cref="Message" path="/param"/>
    /// <param name="age">How long ago that was.</param>
    internal void ChargeMessage(SessionKey session, string host, string text, TimeSpan age)
    {
        var caller = Caller.Of(session, host);
        _messages.Charge(caller, 1, age);
        _logBytes.Charge(caller, BytesOf(text), age);
    }

    /// <summary>Charges an address for a login that another node has accepted.</summary>
    /// <inheritdoc cref="ChargeMessage" path="/param"/>
    internal void ChargeLogin(string host, TimeSpan age) => _logins.Charge(Caller.Of(null, host), 1, age);

    /// <summary>Charges a request that is answered at once. Returns null, or a refusal.</summary>
    /// <param name="session">The live session; null if there is none.</param>
    /// <param name="host">Canonical address; null if it is not known.</param>
    public Refused? Read(SessionKey? session, string? host) => Take(_reads, Caller.Of(session, host));

    /// <summary>
    /// Charges a request that cannot be refused. If it is over a limit, the returned task completes later, by at most
    /// <see cref="LimitOptions.LongestDelay"/> for each limit.
    /// </summary>
    /// <inheritdoc cref="Read" path="/param"/>
    /// <exception cref="OperationCanceledException">The caller has gone away.</exception>
    public async ValueTask ReadLateAsync(SessionKey? session, string? host, CancellationToken gone) =>
        _ = await _reads.AcquireAsync(Caller.Of(session, host), gone);

    /// <summary>Charges a health check. Returns null, or a refusal.</summary>
    /// <inheritdoc cref="Message" path="/param"/>
    public Refused? Probe(string host) => Take(_probes, Caller.Of(null, host));

    /// <summary>
    /// How many more files the process may open; null if that is not known. The cost is linear in the number of open files.
    /// </summary>
    public static int? FreeFiles => OpenFiles.Limit() - OpenFiles.Used();

    /// <summary>How many connections are open.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>
    /// Reserves a place for a connection. Returns the place, which must be disposed once when the connection ends; null if there is none.
    /// </summary>
    /// <param name="host">Canonical address; null for a connection that is not counted per address.</param>
    /// <param name="full">Which scope has no places left.</param>
    public IDisposable? Connect(string? host, out LimitScope full)
    {
        RateLimitLease server = _ofServer.AttemptAcquire("all");
        if (!server.IsAcquired)
            return Full(server, host, out full);
        full = default;
        if (host is null)
            return new ConnectionPlace(this, server, null, null);
        RateLimitLease? network = HostAddress.NetworkOf(host) is { } wide ? _ofNetwork.AttemptAcquire(wide) : null;
        if (network is { IsAcquired: false })
        {
            server.Dispose();
            return Full(network, host, out full);
        }

        RateLimitLease address = _ofAddress.AttemptAcquire(host);
        if (address.IsAcquired)
            return new ConnectionPlace(this, server, network, address);
        server.Dispose();
        network?.Dispose();
        return Full(address, host, out full);
    }

    /// <summary>The limit on one connection's WebSocket control frames; null if there is none.</summary>
    public RateLimiter? ControlFrames() => !_options.Enabled || _options.ControlFrames.Count == 0
        ? null
        : new BucketLimiter(
            _options.ControlFrames.Count,
            _options.ControlFrames.Window,
            new Limit(LimitKind.ControlFrames, LimitScope.Connection),
            _time,
            _options.LongestDelay);

    /// <summary>Records a refusal by a limiter that the caller owns (<see cref="ControlFrames"/>).</summary>
    public void Note(RateLimitLease refused, string host)
    {
        ArgumentNullException.ThrowIfNull(refused);
        _ = RefusalOf(refused, new Caller(null, host, null));
    }

    /// <summary>Counts a refusal by a limit that is kept elsewhere.</summary>
    public void Note(Limit limit) => Refusing?.Invoke(limit);

    /// <summary>The same as <see cref="Read"/>, for a caller that tries again later. A refusal is not counted.</summary>
    /// <inheritdoc cref="Read" path="/param"/>
    public bool TryRead(SessionKey? session, string? host)
    {
        var caller = Caller.Of(session, host);
        RateLimitLease lease = _reads.AttemptAcquire(caller);
        if (!lease.IsAcquired)
            LogFirstRefusal(lease, caller);
        return lease.IsAcquired;
    }

    public void Dispose()
    {
        foreach (LimitChain one in (LimitChain[])[_messages, _logBytes, _logins, _reads, _probes])
            one.Dispose();
        foreach (PartitionedRateLimiter<string> one in (PartitionedRateLimiter<string>[])[_ofServer, _ofNetwork, _ofAddress])
            one.Dispose();
        _lines.Dispose();
    }

    private Refused? Bytes(in Caller caller, string text)
    {
        RateLimitLease bytes = _logBytes.AttemptAcquire(caller, BytesOf(text));
        return bytes.IsAcquired ? null : RefusalOf(bytes, caller);
    }

    private static int BytesOf(string text) => EntryBytes + Encoding.UTF8.GetByteCount(text);

    private Refused? Take(LimitChain limits, in Caller caller)
    {
        RateLimitLease lease = limits.AttemptAcquire(caller);
        return lease.IsAcquired ? null : RefusalOf(lease, caller);
    }

    private ConnectionPlace? Full(RateLimitLease lease, string? host, out LimitScope full)
    {
        lease.TryGetMetadata(LimitLease.Limit, out Limit limit);
        _ = RefusalOf(lease, Caller.Of(null, host));
        full = limit.Scope;
        return null;
    }

    /// <summary>
    /// Counts the refusal. Logs it once when a limit begins to refuse, except for the limits of a single session or connection.
    /// </summary>
    private Refused RefusalOf(RateLimitLease lease, in Caller caller)
    {
        lease.TryGetMetadata(LimitLease.Limit, out Limit limit);
        lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan wait);
        Refusing?.Invoke(limit);
        LogFirstRefusal(lease, caller);
        return new Refused(Refusal.RateLimited, wait);
    }

    private void LogFirstRefusal(RateLimitLease lease, in Caller caller)
    {
        lease.TryGetMetadata(LimitLease.Limit, out Limit limit);
        lease.TryGetMetadata(LimitLease.Begins, out bool begins);
        if (begins && limit.Scope is LimitScope.Address or LimitScope.Network or LimitScope.Server && _lines.AttemptAcquire().IsAcquired)
        {
            string who = limit.Scope switch
            {
                LimitScope.Address => caller.Host!,
                LimitScope.Network => caller.Network!,
                _ => "all",
            };
            Log.Begins(_logger, limit.Kind, limit.Scope, who);
        }
    }

    private sealed class ConnectionPlace : IDisposable
    {
        private readonly Admission _admission;
        private readonly RateLimitLease _server;
        private readonly RateLimitLease? _network;
        private readonly RateLimitLease? _address;

        internal ConnectionPlace(Admission admission, RateLimitLease server, RateLimitLease? network, RateLimitLease? address)
        {
            (_admission, _server, _network, _address) = (admission, server, network, address);
            Interlocked.Increment(ref admission._connections);
        }

        public void Dispose()
        {
            Interlocked.Decrement(ref _admission._connections);
            _server.Dispose();
            _network?.Dispose();
            _address?.Dispose();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            170,
            LogLevel.Warning,
            "The limit {Kind} per {Scope} has begun to refuse requests: {Who}. This is logged again only after a while without refusals.",
            EventName = "LimitBegins")]
        public static partial void Begins(ILogger logger, LimitKind kind, LimitScope scope, string who);
    }
}
