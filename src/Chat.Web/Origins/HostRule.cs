using System.Text;
using ErlChat.Web.Site;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace ErlChat.Web.Origins;

/// <summary>
/// The hosts that the server answers to: those of <c>Chat:PublicUrl</c> and of ASP.NET Core's <c>AllowedHosts</c>, or all hosts if neither
/// is set. Ports are ignored, because proxies change them. Thread-safe.
/// </summary>
internal sealed class HostRule
{
    private readonly List<StringSegment> _patterns = [];

    // The same patterns as bytes, for the fast lane.
    private readonly List<byte[]> _names = [];
    private readonly List<byte[]> _suffixes = [];

    public HostRule(IOptions<WebOptions> options, IConfiguration configuration)
    {
        foreach (string host in HostsOf(configuration))
            Add(host);
        foreach (string url in options.Value.PublicUrl)
        {
            if (SiteOrigin.TryParse(url, out SiteOrigin origin))
                Add(HostOf(origin));
        }
    }

    /// <summary>The patterns of <c>AllowedHosts</c>; none if it allows all hosts.</summary>
    private static string[] HostsOf(IConfiguration configuration)
    {
        string[] hosts = (configuration["AllowedHosts"] ?? "")
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return hosts.Contains("*", StringComparer.Ordinal) ? [] : [.. hosts.Select(static host => new HostString(host).ToUriComponent())];
    }

    /// <summary>Whether only certain hosts are allowed.</summary>
    internal bool Restricts => _patterns.Count > 0;

    /// <summary>Whether a request for this host is answered. Requests without a host are allowed, because no browser sends them.</summary>
    internal bool Allows(HostString host)
    {
        if (!Restricts || !host.HasValue)
            return true;
        try
        {
            return HostString.MatchesAny(host.Value, _patterns);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>
    /// Whether a request with this Host header is answered. The header has a name or an IPv4 address, with or without a port.
    /// </summary>
    internal bool Allows(ReadOnlySpan<byte> host)
    {
        if (!Restricts)
            return true;
        int colon = host.IndexOf((byte)':');
        ReadOnlySpan<byte> name = colon < 0 ? host : host[..colon];
        foreach (byte[] one in _names)
        {
            if (Ascii.EqualsIgnoreCase(name, one))
                return true;
        }

        foreach (byte[] one in _suffixes)
        {
            if (name.Length > one.Length && Ascii.EqualsIgnoreCase(name[^one.Length..], one))
                return true;
        }

        return false;
    }

    private static string HostOf(SiteOrigin origin) =>
        origin.Host.Contains(':', StringComparison.Ordinal) ? $"[{origin.Host}]" : origin.Host;

    private void Add(string pattern)
    {
        _patterns.Add(pattern);
        if (pattern.StartsWith("*.", StringComparison.Ordinal))
            _suffixes.Add(Encoding.ASCII.GetBytes(pattern[1..]));
        else
            _names.Add(Encoding.ASCII.GetBytes(pattern));
    }
}
