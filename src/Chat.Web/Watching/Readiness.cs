using System.Text;

namespace ErlChat.Web.Watching;

/// <summary>
/// Whether the server takes sessions and messages, and what is wrong with it all the same: a first line for programs, then one for each
/// condition. Thread-safe.
/// </summary>
internal sealed class Readiness(PostOffice office, ChatRoom room, Conditions conditions)
{
    /// <summary>The answer of <c>/readyz</c>: 503 only when no message can be taken.</summary>
    internal (int Status, string Text) Look()
    {
        Condition[] holding = [.. conditions.Look().Where(condition => condition.Holds)];
        (int status, string first) = office.IsStopping ? (StatusCodes.Status503ServiceUnavailable, "stopping")
            : !room.IsReady ? (StatusCodes.Status503ServiceUnavailable, "the log is unavailable")
            : holding.Any(condition => condition.Refuses) ? (StatusCodes.Status503ServiceUnavailable, "not ready")
            : (StatusCodes.Status200OK, "ready");
        var text = new StringBuilder(first).Append('\n');
        foreach (Condition condition in holding)
            text.Append(condition.Name).Append(": ").Append(condition.Words).Append('\n');
        return (status, text.ToString());
    }

    internal Task WriteAsync(HttpContext context)
    {
        (int status, string text) = Look();
        return WriteAsync(context, status, text);
    }

    internal static Task WriteHealthAsync(HttpContext context) => WriteAsync(context, StatusCodes.Status200OK, "ok\n");

    private static Task WriteAsync(HttpContext context, int status, string text)
    {
        byte[] body = Encoding.UTF8.GetBytes(text);
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
