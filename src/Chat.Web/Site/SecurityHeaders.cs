namespace ErlChat.Web.Site;

/// <summary>Sets the security headers of every answer. The pages need no inline code and nothing from other hosts.</summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    private const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>The headers as lines, each with its line end.</summary>
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

        // Not no-referrer: browsers would then send "Origin: null" with our own forms, and without https nothing else shows where a form
        // comes from.
        headers["Referrer-Policy"] = SameOrigin;
        headers["Cross-Origin-Opener-Policy"] = SameOrigin;
        return next(context);
    }
}
