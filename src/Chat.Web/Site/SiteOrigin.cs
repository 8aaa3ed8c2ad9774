using System.Globalization;

namespace ErlChat.Web.Site;

/// <summary>Where a page lives: scheme, host and port, in one spelling, so that equal origins are equal values.</summary>
internal readonly record struct SiteOrigin(string Scheme, string Host, int Port)
{
    /// <summary>Longest text that is looked at; a host name has at most 253 characters.</summary>
    private const int MaxLength = 2048;

    /// <summary>Reads an <c>Origin</c> header or an option: scheme, host and port, and nothing behind them. <c>null</c> is no
    /// origin.</summary>
    internal static bool TryParse(string? text, out SiteOrigin origin) =>
        TryRead(text, out origin, out Uri? url) && url.PathAndQuery is "/" or "" && url.Fragment.Length == 0;

    /// <summary>The origin of a page's address, as in a <c>Referer</c> header.</summary>
    internal static bool TryParseUrl(string? text, out SiteOrigin origin) => TryRead(text, out origin, out _);

    /// <summary>The origin that the request was made to, as the browser saw it if the proxies in between say so.</summary>
    internal static SiteOrigin? Of(HttpRequest request) => TryParse($"{request.Scheme}://{request.Host.Value}", out SiteOrigin own) ? own : null;

    /// <summary>As a browser writes it: without the port that the scheme implies.</summary>
    public override string ToString()
    {
        string host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
        return Port < 0 || (Scheme, Port) is ("http", 80) or ("https", 443) ? $"{Scheme}://{host}" : string.Create(CultureInfo.InvariantCulture, $"{Scheme}://{host}:{Port}");
    }

    private static bool TryRead(string? text, out SiteOrigin origin, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Uri? url)
    {
        origin = default;
        url = null;
        if (text is not { Length: > 0 and <= MaxLength } || !Uri.TryCreate(text, UriKind.Absolute, out url) || url.UserInfo.Length > 0)
            return false;
        string host;
        try
        {
            host = url.IdnHost.ToLowerInvariant();
        }
        catch (UriFormatException)
        {
            // A name that TryCreate let pass, and that is too long when it is written in ASCII.
            return false;
        }

        origin = new SiteOrigin(url.Scheme, host, url.Port);
        return host.Length > 0;
    }
}
