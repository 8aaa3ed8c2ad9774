using ErlChat.Web.Site;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace ErlChat.Web.Origins;

/// <summary>
/// Decides where a request comes from: by <c>Sec-Fetch-Site</c>, otherwise by <c>Origin</c>, otherwise by <c>Referer</c>. Thread-safe.
/// </summary>
internal sealed class OriginRules
{
    /// <summary>The beginning of every browser's <c>User-Agent</c>. Hardly any other program sends it.</summary>
    internal const string BrowserMark = "Mozilla/";

    private readonly HashSet<SiteOrigin> _public = [];
    private readonly HashSet<SiteOrigin> _allowed = [];

    public OriginRules(IOptions<WebOptions> options)
    {
        foreach (string url in options.Value.PublicUrl)
        {
            if (SiteOrigin.TryParse(url, out SiteOrigin origin))
                _public.Add(origin);
        }

        foreach (string text in options.Value.AllowedOrigins)
        {
            if (SiteOrigin.TryParse(text, out SiteOrigin origin))
                _allowed.Add(origin);
        }
    }

    /// <summary>Whether any pages of other origins may use the chat.</summary>
    internal bool AllowsAny => _allowed.Count > 0;

    /// <summary>Whether pages of this other origin may use the chat.</summary>
    internal bool Allows(string? origin) => SiteOrigin.TryParse(origin, out SiteOrigin from) && _allowed.Contains(from);

    /// <summary>Whether a request comes from another origin that may use the chat. Such pages may not use the operator's calls.</summary>
    internal bool IsGuest(HttpRequest request) => SiteOrigin.TryParse(request.Headers.Origin, out SiteOrigin from)
        && request.Headers["Sec-Fetch-Site"] != "same-origin"
        && _allowed.Contains(from) && !_public.Contains(from) && from != SiteOrigin.Of(request);

    /// <summary>Where a request comes from.</summary>
    /// <remarks>
    /// Browsers send <c>Sec-Fetch-Site</c> only over https and to localhost. They send <c>Origin</c> only with requests that may change
    /// something, not with a GET that a page makes to its own site for a link, an image or a script. That leaves <c>Referer</c>, which the
    /// page can suppress. A browser that sends none of the three is therefore not trusted to be one of our pages, unless it sends
    /// <c>X-Requested-With</c>: a page of another origin may send that only after a CORS preflight.
    /// </remarks>
    internal RequestSource SourceOf(HttpRequest request)
    {
        IHeaderDictionary headers = request.Headers;
        string? site = headers["Sec-Fetch-Site"];
        string? origin = headers.Origin;
        if (!string.IsNullOrEmpty(site))
            return site is "same-origin" or "none" || IsAllowedOrPublic(origin) ? RequestSource.Own
                : origin == "null" ? RequestSource.Opaque
                : RequestSource.Foreign;
        if (!string.IsNullOrEmpty(origin))
            return SiteOrigin.TryParse(origin, out SiteOrigin from) && IsOwn(from, request) ? RequestSource.Own
                : origin == "null" ? RequestSource.Opaque
                : RequestSource.Foreign;
        StringValues referer = headers.Referer;
        if (!StringValues.IsNullOrEmpty(referer))
            return SiteOrigin.TryParseUrl(referer, out SiteOrigin from) && IsOwn(from, request) ? RequestSource.Own : RequestSource.Foreign;
        bool maySayNothing = HttpMethods.IsGet(request.Method) && !request.HttpContext.WebSockets.IsWebSocketRequest;
        return maySayNothing && IsBrowser(headers) && StringValues.IsNullOrEmpty(headers.XRequestedWith)
            ? RequestSource.Unstated
            : RequestSource.Program;
    }

    private static bool IsBrowser(IHeaderDictionary headers) =>
        ((string?)headers.UserAgent)?.StartsWith(BrowserMark, StringComparison.OrdinalIgnoreCase) == true;

    private bool IsOwn(SiteOrigin from, HttpRequest request) =>
        from == SiteOrigin.Of(request) || _public.Contains(from) || _allowed.Contains(from);

    private bool IsAllowedOrPublic(string? origin) =>
        SiteOrigin.TryParse(origin, out SiteOrigin from) && (_allowed.Contains(from) || _public.Contains(from));
}

/// <summary>Where a request comes from, according to the browser.</summary>
internal enum RequestSource
{
    /// <summary>
    /// One of the chat's own pages, a page of <c>Chat:AllowedOrigins</c>, or the user directly (a typed address or a bookmark).
    /// </summary>
    Own,

    /// <summary>Not a browser: nothing points to a page.</summary>
    Program,

    /// <summary>A page of another origin.</summary>
    Foreign,

    /// <summary>A page whose origin the browser does not reveal (<c>Origin: null</c>).</summary>
    Opaque,

    /// <summary>A browser that says nothing about the page, with a request where it need not.</summary>
    Unstated,
}
