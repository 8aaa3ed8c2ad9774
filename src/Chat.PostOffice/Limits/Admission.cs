using System.Text;
using System.Threading.RateLimiting;
using ErlChat.Outcomes;
using ErlChat.Sessions;
using ErlChat.Settings;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ErlChat.Limits;

/// <summary>
/// The one place where strangers' demands are bounded, whatever door they come through: messages, bytes to the log, logins, reads, connections; by session, by address and for the
/// whole server. What is full and unused for 10 s is forgotten; nothing of it is in the log.
/// </summary>
/// <remarks>Thread-safe. Who waits as long as a refusal says is not refused for the same reason, unless somebody else at that address was faster.</remarks>
public sealed partial class Admission : IDisposable
{
    /// <summary>What an entry weighs in the log beside its text, in bytes: ids, time, names, and the row around them.</summary>
    public const int EntryBytes = 256;

    private readonly LimitOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<Admission> _logger;
    private readonly PartitionedRateLimiter<Caller> _messages;
    private readonly PartitionedRateLimiter<Caller> _logBytes;
    private readonly PartitionedRateLimiter<Caller> _logins;
    private readonly PartitionedRateLimiter<Caller> _reads;
    private readonly PartitionedRateLimiter<Caller> _probes;
    private readonly PartitionedRateLimiter<string> _ofServer;
    private readonly PartitionedRateLimiter<string> _ofNetwork;
    private readonly PartitionedRateLimiter<string> _ofAddress;

    /// <summary>Lines that it may write: a stranger with many addresses could otherwise fill the server's own log.</summary>
    private readonly BucketLimiter _lines;
    private int _connections;

    public Admission(IOptions<LimitOptions> options, IOptions<ChatOptions> chat, TimeProvider time, ILogger<Admission> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(chat);
        (_options, _time, _logger) = (options.Value, time, logger);
        RateOptions session = new() { Count = chat.Value.RateLimitCount, Window = chat.Value.RateLimitWindow };
        _messages = LimitChain.Create(LimitKind.Messages, _options, time, session, _options.Messages.Address, _options.Messages.Server, alwaysSession: true);
        _logBytes = Chain(LimitKind.LogBytes, _options.LogBytes);
        _logins = LimitChain.Create(LimitKind.Logins, _options, time, null, _options.Logins.Address, _options.Logins.Server);
        _reads = Chain(LimitKind.Reads, _options.Reads);
        _probes = LimitChain.Create(LimitKind.Probes, _options, time, null, _options.Probes.Address, _options.Probes.Server);
        ConnectionLimit = !_options.Enabled ? 0 : _options.Connections.Server ?? OpenFiles.ConnectionsFor(OpenFiles.Limit(), OpenFiles.Used());
        int address = _options.Enabled ? _options.Connections.Address : 0;
        // Without a limit they are counted all the same.
        _ofServer = LimitChain.Places(LimitScope.Server, ConnectionLimit == 0 ? int.MaxValue : ConnectionLimit, time);
        _ofNetwork = LimitChain.Places(LimitScope.Network, (int)Math.Min((long)address * _options.NetworkFactor, int.MaxValue), time);
        _ofAddress = LimitChain.Places(LimitScope.Address, address, time);
        _lines = new BucketLimiter(20, TimeSpan.FromMinutes(1), default, time);

        PartitionedRateLimiter<Caller> Chain(LimitKind kind, SessionRates rates) =>
            LimitChain.Create(kind, _options, time, rates.Session, rates.Address, rates.Server);
    }

    /// <summary>A limit said no; also when its caller is only made to wait. On the caller's thread: be quick.</summary>
    public event Action<Limit>? Refusing;

    /// <summary>Connections that the server takes at a time; 0 for any number.</summary>
    public int ConnectionLimit { get; }

    /// <summary>A command: one message, and its bytes. Null, or <see cref="Refusal.RateLimited"/> with the time to wait.</summary>
    /// <param name="host">Canonical address (<see cref="HostAddress"/>).</param>
    /// <param name="text">What goes to the log.</param>
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

    /// <summary>Bytes to the log alone, for an answer that is an entry. Null, or refused.</summary>
    /// <inheritdoc cref="Message" path="/param"/>
    public Refused? LogBytes(SessionKey session, string host, string text) => Bytes(Caller.Of(session, host), text);

    /// <summary>A login. Null, or refused.</summary>
    /// <inheritdoc cref="Message" path="/param"/>
    public Refused? Login(string host) => Take(_logins, Caller.Of(null, host));

    /// <summary>A request that is answered at once. Null, or refused.</summary>
    /// <param name="session">Null when it is no live session's.</param>
    /// <param name="host">Canonical address; null when it is not known.</param>
    public Refused? Read(SessionKey? session, string? host) => Take(_reads, Caller.Of(session, host));

    /// <summary>A request that cannot be refused: over the limit it is to be answered when this completes, at the most <see cref="LimitOptions.LongestDelay"/> later for each limit.</summary>
    /// <inheritdoc cref="Read" path="/param"/>
    /// <exception cref="OperationCanceledException">The caller is gone.</exception>
    public async ValueTask ReadLateAsync(SessionKey? session, string? host, CancellationToken gone) =>
        _ = await _reads.AcquireAsync(Caller.Of(session, host), 1, gone);

    /// <summary>A health check. Null, or refused.</summary>
    /// <inheritdoc cref="Message" path="/param"/>
    public Refused? Probe(string host) => Take(_probes, Caller.Of(null, host));

    /// <summary>Files that the process may still open; null when that is not known. Looks at each that is open.</summary>
    public static int? FreeFiles => OpenFiles.Limit() - OpenFiles.Used();

    /// <summary>Connections that have a place.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>A connection's place, to be disposed once, when it ends; null when there is none.</summary>
    /// <param name="host">Canonical address; null for one that is not counted by address.</param>
    /// <param name="full">Whose places are taken.</param>
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

    /// <summary>The limit of one connection's WebSocket control frames; null when there is none.</summary>
    public RateLimiter? ControlFrames() => !_options.Enabled || _options.ControlFrames.Count == 0
        ? null
        : new BucketLimiter(
            _options.ControlFrames.Count,
            _options.ControlFrames.Window,
            new Limit(LimitKind.ControlFrames, LimitScope.Connection),
            _time,
            _options.LongestDelay);

    /// <summary>Takes note of a refusal by a limit that is its caller's own (<see cref="ControlFrames"/>).</summary>
    public void Note(RateLimitLease refused, string host)
    {
        ArgumentNullException.ThrowIfNull(refused);
        _ = RefusalOf(refused, new Caller(null, host, null));
    }

    /// <summary>Counts a refusal by a limit that is kept elsewhere.</summary>
    public void Note(Limit limit) => Refusing?.Invoke(limit);

    /// <summary>The same as <see cref="Read"/> for a caller that asks again when there is none left: a refusal is not counted.</summary>
    /// <inheritdoc cref="Read" path="/param"/>
    public bool TryRead(SessionKey? session, string? host)
    {
        var caller = Caller.Of(session, host);
        RateLimitLease lease = _reads.AttemptAcquire(caller);
        if (!lease.IsAcquired)
            SayBegins(lease, caller);
        return lease.IsAcquired;
    }

    public void Dispose()
    {
        foreach (PartitionedRateLimiter<Caller> one in (PartitionedRateLimiter<Caller>[])[_messages, _logBytes, _logins, _reads, _probes])
            one.Dispose();
        foreach (PartitionedRateLimiter<string> one in (PartitionedRateLimiter<string>[])[_ofServer, _ofNetwork, _ofAddress])
            one.Dispose();
        _lines.Dispose();
    }

    private Refused? Bytes(in Caller caller, string text)
    {
        RateLimitLease bytes = _logBytes.AttemptAcquire(caller, EntryBytes + Encoding.UTF8.GetByteCount(text));
        return bytes.IsAcquired ? null : RefusalOf(bytes, caller);
    }

    private Refused? Take(PartitionedRateLimiter<Caller> limits, in Caller caller)
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

    /// <summary>Counts it, and says it once in the server's log when a limit begins to refuse; what a single session or connection meets is its own affair.</summary>
    private Refused RefusalOf(RateLimitLease lease, in Caller caller)
    {
        lease.TryGetMetadata(LimitLease.Limit, out Limit limit);
        lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan wait);
        Refusing?.Invoke(limit);
        SayBegins(lease, caller);
        return new Refused(Refusal.RateLimited, wait);
    }

    private void SayBegins(RateLimitLease lease, in Caller caller)
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
