using System.Text;
using ErlChat.Delivery;
using ErlChat.Health;
using ErlChat.Rooms;

namespace ErlChat.Web.Watching;

/// <summary>
/// Whether the server takes sessions and messages, and what is wrong with it all the same: a first line for programs, then one for each
/// condition. Thread-safe.
/// </summary>
internal sealed class Readiness(PostOffice office, ChatRoom room, Conditions conditions)
{
    /// <summary>Whether messages are taken, in a word and as a flag, and what is wrong.</summary>
    internal (bool IsReady, string Word, Condition[] Wrong) Look()
    {
        Condition[] wrong = [.. conditions.Look().Where(static condition => condition.Holds)];
        string? why = office.IsStopping ? "stopping"
            : !room.IsReady ? "the log is unavailable"
            : wrong.Any(static condition => condition.Refuses) ? "not ready"
            : null;
        return (why is null, why ?? "ready", wrong);
    }

    /// <summary>The answer of <c>/readyz</c>: 503 only when no message can be taken.</summary>
    internal Task WriteAsync(HttpContext context)
    {
        (bool isReady, string word, Condition[] wrong) = Look();
        string text = string.Concat(wrong.Select(static one => $"{one.Name}: {one.Words}\n").Prepend(word + '\n'));
        return WriteAsync(context, isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, text);
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
