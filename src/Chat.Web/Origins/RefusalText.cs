using ErlChat.Web.Site;

namespace ErlChat.Web.Origins;

/// <summary>The texts of a refusal page: a message for the user in the browser's language, and advice for the operator.</summary>
/// <param name="Key">The key of the user's message in <c>wwwroot/js/languages</c>.</param>
/// <param name="Text">The same message in English, for browsers without scripts.</param>
/// <param name="Advice">Sentences for the operator.</param>
internal sealed record RefusalText(string Key, string Text, IReadOnlyList<string> Advice)
{
    /// <summary>A page of another origin sent the request.</summary>
    internal static RefusalText Foreign(HttpRequest request)
    {
        string own = SiteOrigin.Of(request)?.ToString() ?? request.Host.ToString();
        var advice = new List<string>();
        if (TryFindSource(request, out SiteOrigin from))
        {
            advice.Add($"The browser says that the request comes from {from}. It asked the server for {own}.");
            advice.Add($"To let pages of {from} use this chat, set Chat:AllowedOrigins={from}.");
        }
        else
        {
            advice.Add($"The browser says that the request comes from another site. It asked the server for {own}.");
        }

        advice.Add("If there is a proxy in front of the server, set it in Chat:TrustedProxies and let it pass Host and X-Forwarded-Proto, "
            + "or set Chat:PublicUrl to the URL that users type.");
        return new RefusalText(
            "refusedForeign",
            "Your browser says that this came from a page of another site, so nothing was done.",
            advice);
    }

    /// <summary>The browser sent <c>Origin: null</c>.</summary>
    internal static RefusalText Opaque() => new(
        "refusedOpaque",
        "Your browser does not say which page this came from, so nothing was done.",
        [
            "The browser sent “Origin: null”. Browsers do so for a page in a sandboxed frame, for a local file, and for a page with "
                + "the Referrer-Policy no-referrer.",
            "If a proxy in front of the server sets its own Referrer-Policy, let it pass the server's instead. Pages on other sites can "
                + "use this chat only if they have an origin that can be set in Chat:AllowedOrigins.",
        ]);

    /// <summary>A browser sent a state-changing GET without saying which page it came from.</summary>
    internal static RefusalText Unstated() => new(
        "refusedUntold",
        "Your browser does not say which page this came from, so nothing was done. To leave the chat, use its button.",
        ["If a browser sends a GET that logs a user out or takes part in polling, it must carry Sec-Fetch-Site, Origin, Referer or "
            + "X-Requested-With. Programs need none of them."]);

    /// <summary>The request was for a host that is not the server's.</summary>
    internal static RefusalText Host(string host) => new(
        "refusedHost",
        "This chat is not at this address.",
        [$"The request was for “{host}”, which is in neither Chat:PublicUrl nor AllowedHosts. If it is an address of this chat, add it "
            + "there."]);

    /// <summary>There is nothing at the address.</summary>
    internal static RefusalText NotFound() => new("notFound", "There is no page at this address.", []);

    private static bool TryFindSource(HttpRequest request, out SiteOrigin from) =>
        SiteOrigin.TryParse(request.Headers.Origin, out from) || SiteOrigin.TryParseUrl(request.Headers.Referer, out from);
}
