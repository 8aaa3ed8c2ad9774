using ErlChat.Sessions;
using Microsoft.Extensions.Caching.Memory;

namespace ErlChat.Web.Passwords;

/// <summary>
/// The triers whose password was right: a person and an address from which that person has logged in. However many strangers try the
/// password from elsewhere, they cannot lock such a person out. A restart forgets them.
/// </summary>
/// <remarks>Thread-safe. Bounded by the cache. Nobody gets in without a right password.</remarks>
/// <param name="cache">Where they are kept; null to remember nobody.</param>
internal sealed class KnownTriers(IMemoryCache? cache)
{
    /// <summary>How long one is remembered after the last use.</summary>
    private static readonly MemoryCacheEntryOptions s_entry = new() { Size = 1, SlidingExpiration = TimeSpan.FromDays(30) };

    internal void Add(SessionKey trier) => cache?.Set(KeyOf(trier), true, s_entry);

    internal bool Has(SessionKey trier) => cache is not null && cache.TryGetValue(KeyOf(trier), out _);

    private static (string Kind, SessionKey Trier) KeyOf(SessionKey trier) => ("known trier", trier);
}
