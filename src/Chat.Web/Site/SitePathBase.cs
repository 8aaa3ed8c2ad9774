using Microsoft.Extensions.Options;

namespace ErlChat.Web.Site;

/// <summary>
/// The path under which users reach the chat (<c>Chat:PathBase</c>). A proxy may pass it on or strip it. Requests are accepted with and
/// without it, and all addresses in the server's answers include it.
/// </summary>
internal static class SitePathBase
{
    /// <summary>The longest path base, in characters. Far more than users type, and well below the limit of a request line.</summary>
    internal const int MaxLength = 100;

    /// <summary>
    /// The first segments of the chat's own paths. A path base must not begin with one, because it could not be told from a path whose base
    /// the proxy has stripped.
    /// </summary>
    private static readonly string[] s_taken =
    [
        "admin", "assets", "chat", "chat-server", "healthz", "invitation", "login", "metrics", "nodes", "readyz", "reset",
    ];

    internal static void UseSitePathBase(this WebApplication app)
    {
        string text = app.Services.GetRequiredService<IOptions<WebOptions>>().Value.PathBase;
        if (text.Length == 0)
            return;
        var path = new PathString(text);
        app.UsePathBase(path);
        app.Use(next => context =>
        {
            context.Request.PathBase = path;
            return next(context);
        });
    }

    /// <summary>What is wrong with a path base; null if it is valid.</summary>
    internal static string? Fault(string path)
    {
        if (path.Length == 0)
            return null;
        string[] segments = path.Split('/')[1..];
        if (path[0] != '/' || path.Length > MaxLength || !segments.All(IsName))
        {
            return $"Chat:PathBase: '{path}' must be a path such as /talk: segments of letters, digits, '-', '_' and '.', "
                + $"no slash at the end, up to {MaxLength} characters.";
        }

        return s_taken.Contains(segments[0], StringComparer.OrdinalIgnoreCase)
            ? $"Chat:PathBase must not begin with /{segments[0]}, which is a path of the chat's own; choose another name, such as /talk."
            : null;
    }

    private static bool IsName(string segment) => segment.All(IsPlain) && segment.Any(letter => letter != '.');

    private static bool IsPlain(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.';
}
