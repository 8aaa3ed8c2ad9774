using Microsoft.AspNetCore.Connections.Features;

namespace ErlChat.Web.Reads;

/// <summary>Which requests take turns.</summary>
internal static class ReadTurnsSetup
{
    private static readonly PathString s_chat = "/chat";

    /// <summary>
    /// Lets reads wait for their turn: what is got below <c>/chat</c>, but for the poll, which waits by itself, and leaving. What people
    /// send goes on at once.
    /// </summary>
    internal static void UseReadTurns(this WebApplication app)
    {
        ReadTurns turns = app.Services.GetRequiredService<ReadTurns>();
        app.Use(next => context => IsRead(context.Request) && !HadTurn(context) ? WaitAsync(turns, next, context) : next(context));
    }

    /// <summary>Behind the fast lane, whose feature this is, a read has its turn before the ordinary pipeline is made.</summary>
    private static bool HadTurn(HttpContext context) => context.Features.Get<IConnectionHeartbeatFeature>() is IReadTurn lane && lane.UseTurn();

    private static bool IsRead(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && request.Path.StartsWithSegments(s_chat, StringComparison.OrdinalIgnoreCase, out PathString rest)
        && rest.HasValue
        && !rest.StartsWithSegments("/wait", StringComparison.OrdinalIgnoreCase)
        && !rest.StartsWithSegments("/leave", StringComparison.OrdinalIgnoreCase);

    private static async Task WaitAsync(ReadTurns turns, RequestDelegate next, HttpContext context)
    {
        await turns.NextAsync();
        await next(context);
    }
}
