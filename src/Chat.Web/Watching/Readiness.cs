using System.Text;
using ErlChat.Delivery;
using ErlChat.Health;
using ErlChat.Rooms;

namespace ErlChat.Web.Watching;

/// <summary>
/// Reports whether the server accepts sessions and messages, and which conditions hold even if it does. The text has one line for programs,
/// followed by a line per condition. Thread-safe.
/// </summary>
internal sealed class Readiness(PostOffice office, ChatRoom room, Conditions conditions)
{
    /// <summary>Whether messages are accepted, as a flag and in words, and the conditions that hold.</summary>
    internal (bool IsReady, string Word, Condition[] Wrong) Look()
    {
        Condition[] wrong = [.. conditions.Look().Where(static condition => condition.Holds)];
        string? why = office.IsStopping ? "stopping"
            : !room.IsReady ? "the log is unavailable"
            : wrong.Any(static condition => condition.Refuses) ? "not ready"
            : null;
        return (why is null, why ?? "ready", wrong);
    }

    /// <summary>Answers <c>/readyz</c>. The status is 503 only if no messages are accepted.</summary>
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
