using ErlChat.Web.Site;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace ErlChat.Web.Origins;

/// <summary>Decides which page a request comes from: by <c>Sec-Fetch-Site</c>, else by <c>Origin</c>, else by <c>Referer</c>.
/// Thread-safe.</summary>
internal sealed class OriginRules
{
    /// <summary>What every browser's <c>User-Agent</c> begins with, and hardly a program's.</summary>
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

    /// <summary>Whether any page elsewhere may use the chat.</summary>
    internal bool AllowsAny => _allowed.Count > 0;

    /// <summary>Whether pages of this origin may use the chat from elsewhere.</summary>
    internal bool Allows(string? origin) => SiteOrigin.TryParse(origin, out SiteOrigin from) && _allowed.Contains(from);

    /// <summary>Whether it comes from a page elsewhere that may use the chat. What is the operator's it may not.</summary>
    internal bool IsGuest(HttpRequest request) => SiteOrigin.TryParse(request.Headers.Origin, out SiteOrigin from)
        && request.Headers["Sec-Fetch-Site"] != "same-origin"
        && _allowed.Contains(from) && !_public.Contains(from) && from != SiteOrigin.Of(request);

    /// <summary>Whose the request is.</summary>
    /// <remarks>
    /// A browser sends <c>Sec-Fetch-Site</c> only over https and to localhost, and <c>Origin</c> only with what may change something: not
    /// with a GET that a page makes for a link, a picture or a script of its own site. Then <c>Referer</c> tells, which the page can
    /// suppress. So a browser that says nothing at all is not believed to be our page, unless it sends <c>X-Requested-With</c>, which no
    /// page may send elsewhere without being asked for leave (CORS).
    /// </remarks>
    internal RequestSource SourceOf(HttpRequest request)
    {
        IHeaderDictionary headers = request.Headers;
        string? site = headers["Sec-Fetch-Site"];
        string? origin = headers.Origin;
        if (!string.IsNullOrEmpty(site))
            return site is "same-origin" or "none" || IsAllowedOrPublic(origin) ? RequestSource.Own : origin == "null" ? RequestSource.Opaque : RequestSource.Foreign;
        if (!string.IsNullOrEmpty(origin))
            return SiteOrigin.TryParse(origin, out SiteOrigin from) && IsOwn(from, request) ? RequestSource.Own : origin == "null" ? RequestSource.Opaque : RequestSource.Foreign;
        StringValues referer = headers.Referer;
        if (!StringValues.IsNullOrEmpty(referer))
            return SiteOrigin.TryParseUrl(referer, out SiteOrigin from) && IsOwn(from, request) ? RequestSource.Own : RequestSource.Foreign;
        bool maySayNothing = HttpMethods.IsGet(request.Method) && !request.HttpContext.WebSockets.IsWebSocketRequest;
        return maySayNothing && IsBrowser(headers) && StringValues.IsNullOrEmpty(headers.XRequestedWith) ? RequestSource.Unstated : RequestSource.Program;
    }

    private static bool IsBrowser(IHeaderDictionary headers) => ((string?)headers.UserAgent)?.StartsWith(BrowserMark, StringComparison.OrdinalIgnoreCase) == true;

    private bool IsOwn(SiteOrigin from, HttpRequest request) => from == SiteOrigin.Of(request) || _public.Contains(from) || _allowed.Contains(from);

    private bool IsAllowedOrPublic(string? origin) => SiteOrigin.TryParse(origin, out SiteOrigin from) && (_allowed.Contains(from) || _public.Contains(from));
}

/// <summary>Who made a request, as far as the browser tells.</summary>
internal enum RequestSource
{
    /// <summary>One of the chat's own pages, or a page of <c>Chat:AllowedOrigins</c>, or the user by hand.</summary>
    Own,

    /// <summary>No browser: nothing tells of a page.</summary>
    Program,

    /// <summary>A page of another origin.</summary>
    Foreign,

    /// <summary>A page whose origin the browser keeps to itself (<c>Origin: null</c>).</summary>
    Opaque,

    /// <summary>A browser that says nothing about the page, where it need not.</summary>
    Unstated,
}
