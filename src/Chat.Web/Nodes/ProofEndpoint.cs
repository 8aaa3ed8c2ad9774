using System.Globalization;
using ErlChat.Nodes;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Nodes;

/// <summary>
/// <c>GET /nodes/NAME/proof</c>: the answer to another node's ping. A caller that does not know the cookie, asks for another node, or whose
/// clock is minutes off gets 403 and nothing else.
/// </summary>
internal sealed class ProofEndpoint(INodes nodes, IOptions<NodeOptions> options, TimeProvider time)
{
    private readonly PingProof? _proof = options.Value.Cookie is { } cookie ? new PingProof(cookie) : null;

    /// <summary>The path at which a node answers.</summary>
    internal static string PathOf(string node) => $"/nodes/{node}/proof";

    /// <summary>Whether a path is that of a node's answer.</summary>
    internal static bool IsProof(PathString path) =>
        path.StartsWithSegments("/nodes", StringComparison.Ordinal, out PathString rest)
        && rest.Value!.EndsWith("/proof", StringComparison.Ordinal);

    internal Task HandleAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        response.Headers.CacheControl = "no-store";
        if (AnswerTo((string)context.Request.RouteValues["node"]!, context.Request.Query) is not { } answer)
        {
            response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }

        response.ContentType = "text/plain";
        return response.WriteAsync(answer, context.RequestAborted);
    }

    private string? AnswerTo(string node, IQueryCollection query)
    {
        if (_proof is null || node != nodes.Self
            || query["nonce"] is not [{ Length: > 0 and <= 64 } nonce]
            || query["time"] is not [var told]
            || !long.TryParse(told, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
            || query["proof"] is not [var proof])
        {
            return null;
        }

        Int128 skew = (Int128)seconds - time.GetUtcNow().ToUnixTimeSeconds();
        bool isNow = Int128.Abs(skew) <= (Int128)PingProof.MaxSkew.TotalSeconds;
        return isNow && PingProof.Matches(_proof.OfQuestion(node, nonce, seconds), proof) ? _proof.OfAnswer(node, nonce, seconds) : null;
    }
}
