using System.Threading.RateLimiting;
using ErlChat.Sessions;

namespace ErlChat.Limits;

/// <summary>Who asks for something. Without a session or an address, those limits do not apply.</summary>
/// <param name="Network">The IPv6 /48 of the address; null for other addresses.</param>
internal readonly record struct Caller(SessionKey? Session, string? Host, string? Network)
{
    internal static Caller Of(SessionKey? session, string? host) => new(session, host, HostAddress.NetworkOf(host));
}

/// <summary>
/// The limits of one kind, the widest first: a request that the server's budget refuses never creates an entry for its address, so that the number of
/// those who are remembered is bounded by that budget. A refusal by a narrower one gives back what the wider ones gave.
/// </summary>
internal static class LimitChain
{
    /// <param name="session">Null for none. Whether it is kept when the limits are off, <paramref name="alwaysSession"/> says.</param>
    internal static PartitionedRateLimiter<Caller> Create(
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
        return PartitionedRateLimiter.CreateChained(
            Part(LimitScope.Server, server, "", static _ => (true, "all")),
            Part(LimitScope.Network, network, "", static caller => (caller.Network is not null, caller.Network ?? "")),
            Part(LimitScope.Address, address, "", static caller => (caller.Host is not null, caller.Host ?? "")),
            Part(LimitScope.Session, session ?? new RateOptions(), default(SessionKey), static caller => (caller.Session is not null, caller.Session.GetValueOrDefault())));

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

    /// <summary>Places instead of a rate: by server, network and address, the widest first, since an IPv6 stranger has any number of addresses.</summary>
    internal static PartitionedRateLimiter<string> Places(LimitScope scope, int most, TimeProvider time) =>
        PartitionedRateLimiter.Create<string, string>(key => most > 0
            ? RateLimitPartition.Get(key, _ => (RateLimiter)new PlaceLimiter(most, new Limit(LimitKind.Connections, scope), time))
            : RateLimitPartition.GetNoLimiter(""));
}
