namespace ErlChat.Web.Site;

/// <summary>What every answer says about how a browser may treat it. The pages need nothing inline and nothing from elsewhere.</summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    private const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>The same as lines of a head, each with its line end.</summary>
    internal const string Lines =
        "Content-Security-Policy: " + ContentPolicy + "\r\nX-Content-Type-Options: " + NoSniff + "\r\nReferrer-Policy: " + SameOrigin
        + "\r\nCross-Origin-Opener-Policy: " + SameOrigin + "\r\n";

    private const string NoSniff = "nosniff";
    private const string SameOrigin = "same-origin";

    public Task InvokeAsync(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = NoSniff;

        // Not no-referrer: a browser then says "Origin: null" of our own forms, and without https nothing else tells whose they are.
        headers["Referrer-Policy"] = SameOrigin;
        headers["Cross-Origin-Opener-Policy"] = SameOrigin;
        return next(context);
    }
}
