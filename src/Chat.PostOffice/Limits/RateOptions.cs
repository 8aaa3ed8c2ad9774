namespace ErlChat.Limits;

/// <summary>A rate: so many at once, refilled evenly over a time.</summary>
public sealed class RateOptions
{
    /// <summary>Largest <see cref="Count"/>.</summary>
    public const int MaxCount = 100_000_000;

    public RateOptions()
    {
    }

    internal RateOptions(int count, double seconds) => (Count, Window) = (count, TimeSpan.FromSeconds(seconds));

    /// <summary>How many are allowed at once.</summary>
    /// <value>0 to 100 000 000; 0 means no limit. Each limit has its own default.</value>
    public int Count { get; set; }

    /// <summary>The time in which <see cref="Count"/> of them are refilled, evenly.</summary>
    /// <value>10 ms to 1 h. Each limit has its own default.</value>
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(1);
}

/// <summary>The rates of each address and of the whole server.</summary>
public sealed class SharedRates
{
    internal SharedRates(RateOptions address, RateOptions server) => (Address, Server) = (address, server);

    /// <summary>Of each IPv4 address or IPv6 /64; an IPv6 /48 has <see cref="LimitOptions.NetworkFactor"/> times as much.</summary>
    public RateOptions Address { get; }

    /// <summary>Of all together.</summary>
    public RateOptions Server { get; }
}

/// <summary>The rates of each session, of each address and of the whole server.</summary>
public sealed class SessionRates
{
    internal SessionRates(RateOptions session, RateOptions address, RateOptions server) => (Session, Address, Server) = (session, address, server);

    /// <summary>Of each session.</summary>
    public RateOptions Session { get; }

    /// <inheritdoc cref="SharedRates.Address"/>
    public RateOptions Address { get; }

    /// <inheritdoc cref="SharedRates.Server"/>
    public RateOptions Server { get; }
}

/// <summary>Open connections.</summary>
public sealed class ConnectionOptions
{
    /// <summary>How many connections each IPv4 address or IPv6 /64 may have; an IPv6 /48 may have <see cref="LimitOptions.NetworkFactor"/> times as
    /// many. Those of trusted proxies are not counted.</summary>
    /// <value>0 to 1 000 000; 0 means no limit. 512 by default: 32 sessions with 4 polls each and as many connections for other calls, times two.</value>
    public int Address { get; set; } = 512;

    /// <summary>How many connections all clients together may have.</summary>
    /// <value>
    /// 0 to 10 000 000; 0 means no limit. The default comes from the process's limit of open files: 90 % of it, or the limit minus the files
    /// open at the start minus 256 if that is less.
    /// </value>
    public int? Server { get; set; }
}
