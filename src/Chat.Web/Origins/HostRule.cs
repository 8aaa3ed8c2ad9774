using System.Text;
using ErlChat.Web.Site;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace ErlChat.Web.Origins;

/// <summary>
/// The hosts that the server answers to: those of <c>Chat:PublicUrl</c> and of ASP.NET Core's <c>AllowedHosts</c>; all of them when neither
/// is set. Ports do not count, since proxies change them. Thread-safe.
/// </summary>
internal sealed class HostRule
{
    private readonly List<StringSegment> _patterns = [];

    // The same for the fast lane, which has the header's bytes.
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

    /// <summary>The patterns of <c>AllowedHosts</c>; none when it allows all.</summary>
    private static string[] HostsOf(IConfiguration configuration)
    {
        string[] hosts = (configuration["AllowedHosts"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return hosts.Contains("*", StringComparer.Ordinal) ? [] : [.. hosts.Select(static host => new HostString(host).ToUriComponent())];
    }

    /// <summary>Whether there are hosts that are not answered.</summary>
    internal bool Restricts => _patterns.Count > 0;

    /// <summary>Whether a request for this host is answered. One without any is: no browser sends it.</summary>
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

    /// <summary>The same for a header's bytes: a name or an IPv4 address, and perhaps a port.</summary>
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
