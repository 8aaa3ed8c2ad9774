using System.Globalization;

namespace ErlChat.Web.Site;

/// <summary>The origin of a page: scheme, host and port, normalized so that equal origins are equal values.</summary>
internal readonly record struct SiteOrigin(string Scheme, string Host, int Port)
{
    /// <summary>The longest text that is parsed. A host name has at most 253 characters.</summary>
    private const int MaxLength = 2048;

    /// <summary>
    /// Parses an <c>Origin</c> header or an option: scheme, host and port, with nothing after them. The header value <c>null</c> is not an
    /// origin.
    /// </summary>
    internal static bool TryParse(string? text, out SiteOrigin origin) =>
        TryRead(text, out origin, out Uri? url) && url.PathAndQuery is "/" or "" && url.Fragment.Length == 0;

    /// <summary>Parses the origin of a page's address, as in a <c>Referer</c> header.</summary>
    internal static bool TryParseUrl(string? text, out SiteOrigin origin) => TryRead(text, out origin, out _);

    /// <summary>The origin that the request was sent to, as the browser sees it if trusted proxies forward that.</summary>
    internal static SiteOrigin? Of(HttpRequest request) =>
        TryParse($"{request.Scheme}://{request.Host.Value}", out SiteOrigin own) ? own : null;

    /// <summary>Writes the origin as a browser does, without the scheme's default port.</summary>
    public override string ToString()
    {
        string host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
        return Port < 0 || (Scheme, Port) is ("http", 80) or ("https", 443)
            ? $"{Scheme}://{host}"
            : string.Create(CultureInfo.InvariantCulture, $"{Scheme}://{host}:{Port}");
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
            // TryCreate accepts names that are too long when they are converted to ASCII.
            return false;
        }

        origin = new SiteOrigin(url.Scheme, host, url.Port);
        return host.Length > 0;
    }
}
