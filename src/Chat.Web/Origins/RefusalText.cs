using ErlChat.Web.Site;

namespace ErlChat.Web.Origins;

/// <summary>What a page of refusal says: to the user in the browser's language, and to the operator what can be done about it.</summary>
/// <param name="Key">Which of the pages' texts (<c>wwwroot/js/languages</c>) the user is told.</param>
/// <param name="Text">The same in English, for a browser without scripts.</param>
/// <param name="Advice">For the operator, in sentences.</param>
internal sealed record RefusalText(string Key, string Text, IReadOnlyList<string> Advice)
{
    /// <summary>A page of another origin sent the request.</summary>
    internal static RefusalText Foreign(HttpRequest request)
    {
        string own = SiteOrigin.Of(request)?.ToString() ?? request.Host.ToString();
        var advice = new List<string>();
        if (TryFindSource(request, out SiteOrigin from))
        {
            advice.Add($"The browser says that the request comes from {from}. The server was asked for {own}.");
            advice.Add($"If pages of {from} are to use this chat, set Chat:AllowedOrigins={from}.");
        }
        else
        {
            advice.Add($"The browser says that the request comes from another site. The server was asked for {own}.");
        }

        advice.Add("If a proxy stands before the server, name it in Chat:TrustedProxies and let it pass Host and X-Forwarded-Proto, or set Chat:PublicUrl to the address that people use.");
        return new RefusalText("refusedForeign", "Your browser says that this came from a page of another site, so nothing was done.", advice);
    }

    /// <summary>The browser says <c>Origin: null</c>.</summary>
    internal static RefusalText Opaque() => new(
        "refusedOpaque",
        "Your browser does not say which page this came from, so nothing was done.",
        [
            "The browser sent “Origin: null”. It does so for a page in a sandboxed frame, for a file, and for a page with the Referrer-Policy no-referrer.",
            "If a proxy before the server sets a Referrer-Policy of its own, let it pass the server's. Pages elsewhere that are to use this chat need an origin that Chat:AllowedOrigins can name.",
        ]);

    /// <summary>A browser sent a state-changing GET without saying which page it came from.</summary>
    internal static RefusalText Unstated() => new(
        "refusedUntold",
        "Your browser does not say which page this came from, so nothing was done. To leave the chat, use its button.",
        ["A GET that logs a user out or takes part in polling must carry Sec-Fetch-Site, Origin, Referer or X-Requested-With when a browser sends it. Programs need none of them."]);

    /// <summary>The server was asked for under a name that is not its own.</summary>
    internal static RefusalText Host(string host) => new(
        "refusedHost",
        "This chat is not at this address.",
        [$"The server was asked for “{host}”, which neither Chat:PublicUrl nor AllowedHosts names. If it is an address of this chat, add it there."]);

    private static bool TryFindSource(HttpRequest request, out SiteOrigin from) =>
        SiteOrigin.TryParse(request.Headers.Origin, out from) || SiteOrigin.TryParseUrl(request.Headers.Referer, out from);
}
