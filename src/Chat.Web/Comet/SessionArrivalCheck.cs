using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Web.Limits;
using ErlChat.Web.Requests;

namespace ErlChat.Web.Comet;

/// <summary>
/// In a chat of several nodes: lets a request of an unknown session wait for the login, which may have been on another node a moment ago.
/// Otherwise a client that logs in and at once polls or sends, each time on another node, would be told that its session is unknown.
/// </summary>
internal sealed class SessionArrivalCheck(RequestDelegate next, ChatRoom room)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<LimitAttribute>()?.Charge is not (Charge.Session or Charge.Poll))
            return next(context);
        SessionKey session = SessionCookie.Read(context.Request);
        return room.MayArrive(session) ? WaitAsync(context, session) : next(context);
    }

    private async Task WaitAsync(HttpContext context, SessionKey session)
    {
        await room.ArriveAsync(session, context.RequestAborted);
        await next(context);
    }
}
