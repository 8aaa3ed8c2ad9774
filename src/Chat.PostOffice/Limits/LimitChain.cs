using System.Threading.RateLimiting;
using ErlChat.Sessions;

namespace ErlChat.Limits;

/// <summary>The caller of a request. Limits per session or address do not apply if that part is null.</summary>
/// <param name="Session">The session; null if there is none.</param>
/// <param name="Host">The canonical address; null if it is not known.</param>
/// <param name="Network">The IPv6 /48 of the address; null for other addresses.</param>
internal readonly record struct Caller(SessionKey? Session, string? Host, string? Network)
{
    internal static Caller Of(SessionKey? session, string? host) => new(session, host, HostAddress.NetworkOf(host));
}

/// <summary>
/// The limits of one kind, the widest first. A request refused by the server's limit never creates an entry for its address, so that limit
/// also bounds how many addresses are remembered. A refusal by a narrower limit returns what the wider ones gave.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class LimitChain : IDisposable
{
    private readonly PartitionedRateLimiter<Caller> _all;

    /// <summary>The limits of people, without the server's, each with the time in which it is refilled.</summary>
    private readonly (PartitionedRateLimiter<Caller> Limits, TimeSpan Window)[] _ofPeople;

    /// <summary>Creates the chain for one kind.</summary>
    /// <param name="kind">What is counted.</param>
    /// <param name="options">Whether limits are on, and their common settings.</param>
    /// <param name="time">The clock.</param>
    /// <param name="session">The limit of each session; null for none.</param>
    /// <param name="address">The limit of each address.</param>
    /// <param name="server">The limit of the whole server.</param>
    /// <param name="alwaysSession">Whether the limit of each session applies even if limits are off.</param>
    internal LimitChain(
        LimitKind kind,
        LimitOptions options,
        TimeProvider time,
        RateOptions? session,
        RateOptions address,
        RateOptions server,
        bool alwaysSession = false)
    {
        int many = (int)Math.Min((long)address.Count * options.NetworkFactor, RateOptions.MaxCount);
        RateOptions network = new() { Count = many, Window = address.Window };
        session ??= new RateOptions();
        _ofPeople =
        [
            (Part(LimitScope.Network, network, "", static caller => (caller.Network is not null, caller.Network ?? "")), network.Window),
            (Part(LimitScope.Address, address, "", static caller => (caller.Host is not null, caller.Host ?? "")), address.Window),
            (
                Part(
                    LimitScope.Session,
                    session,
                    default(SessionKey),
                    static caller => (caller.Session is not null, caller.Session.GetValueOrDefault())),
                session.Window),
        ];
        _all = PartitionedRateLimiter.CreateChained(
            [Part(LimitScope.Server, server, "", static _ => (true, "all")), .. _ofPeople.Select(static one => one.Limits)]);

        PartitionedRateLimiter<Caller> Part<TKey>(LimitScope scope, RateOptions rate, TKey nobody, Func<Caller, (bool Has, TKey Key)> keyOf)
            where TKey : notnull
        {
            var limit = new Limit(kind, scope);
            bool isOn = rate.Count > 0 && (options.Enabled || (alwaysSession && scope == LimitScope.Session));
            Func<TKey, RateLimiter> create = _ => new BucketLimiter(rate.Count, rate.Window, limit, time, options.LongestDelay);
            return PartitionedRateLimiter.Create<Caller, TKey>(caller =>
            {
                (bool has, TKey key) = keyOf(caller);
                return has && isOn ? RateLimitPartition.Get(key, create) : RateLimitPartition.GetNoLimiter(nobody);
            });
        }
    }

    /// <inheritdoc cref="PartitionedRateLimiter{TResource}.AttemptAcquire"/>
    internal RateLimitLease AttemptAcquire(in Caller caller, int permits = 1) => _all.AttemptAcquire(caller, permits);

    /// <inheritdoc cref="PartitionedRateLimiter{TResource}.AcquireAsync"/>
    internal ValueTask<RateLimitLease> AcquireAsync(in Caller caller, CancellationToken cancellationToken) =>
        _all.AcquireAsync(caller, 1, cancellationToken);

    /// <summary>
    /// Charges the session, the address and the network for what another node has already allowed. It does not ask what is left: the rest
    /// is owed, and the caller has to wait longer.
    /// </summary>
    /// <param name="caller">The caller at the other node.</param>
    /// <param name="permits">How many permits it used.</param>
    /// <param name="age">How long ago. A limit that has been refilled since is not charged.</param>
    internal void Charge(in Caller caller, int permits, TimeSpan age)
    {
        foreach ((PartitionedRateLimiter<Caller> limits, TimeSpan window) in _ofPeople)
        {
            if (age < window)
                _ = limits.AttemptAcquire(caller, BucketLimiter.Owing + permits);
        }
    }

    public void Dispose()
    {
        _all.Dispose();
        foreach ((PartitionedRateLimiter<Caller> limits, _) in _ofPeople)
            limits.Dispose();
    }

    /// <summary>
    /// Limits how many there may be at a time, instead of a rate. Used for the server, the network and the address, the widest first,
    /// because an IPv6 client can have any number of addresses.
    /// </summary>
    internal static PartitionedRateLimiter<string> Places(LimitScope scope, int most, TimeProvider time) =>
        PartitionedRateLimiter.Create<string, string>(key => most > 0
            ? RateLimitPartition.Get(key, _ => (RateLimiter)new PlaceLimiter(most, new Limit(LimitKind.Connections, scope), time))
            : RateLimitPartition.GetNoLimiter(""));
}
