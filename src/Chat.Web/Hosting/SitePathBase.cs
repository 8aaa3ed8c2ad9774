using Microsoft.Extensions.Options;

namespace ErlChat.Web.Hosting;

/// <summary>
/// The path below which people reach the chat (<c>Chat:PathBase</c>). A proxy may pass it on or take it away: with or without it, a request
/// comes to the same place, and every address of its own that the server gives has it.
/// </summary>
internal static class SitePathBase
{
    /// <summary>In characters; far more than anybody types, and well below what a request line holds.</summary>
    internal const int MaxLength = 100;

    /// <summary>
    /// First segments of the chat's own paths. A path base that begins with one could not be told from a path whose base the proxy has
    /// taken away.
    /// </summary>
    private static readonly string[] s_taken = ["admin", "assets", "chat", "chat-server", "healthz", "login", "metrics", "nodes", "readyz"];

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

    /// <summary>What is wrong with a path base; null when nothing is.</summary>
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
