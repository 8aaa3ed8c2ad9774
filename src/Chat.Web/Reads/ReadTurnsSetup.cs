using Microsoft.AspNetCore.Connections.Features;

namespace ErlChat.Web.Reads;

/// <summary>Decides which requests take turns.</summary>
internal static class ReadTurnsSetup
{
    private static readonly PathString s_chat = "/chat";

    /// <summary>
    /// Makes reads wait for their turn: every GET below <c>/chat</c> except polls, which wait anyway, and leave. Messages and other POSTs
    /// are handled at once.
    /// </summary>
    internal static void UseReadTurns(this WebApplication app)
    {
        ReadTurns turns = app.Services.GetRequiredService<ReadTurns>();
        app.Use(next => context => IsRead(context.Request) && !HadTurn(context) ? WaitAsync(turns, next, context) : next(context));
    }

    /// <summary>The fast lane gives a read its turn before it creates the ordinary pipeline, and reports it through this feature.</summary>
    private static bool HadTurn(HttpContext context) =>
        context.Features.Get<IConnectionHeartbeatFeature>() is IReadTurn lane && lane.UseTurn();

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
