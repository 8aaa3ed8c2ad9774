using ErlChat.Delivery;
using ErlChat.Outcomes;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Web.Answers;
using ErlChat.Web.Limits;
using ErlChat.Web.Requests;

namespace ErlChat.Web.Comet;

/// <summary>
/// In a chat of several nodes: lets a request wait until this node knows what its client knows from another one. That is the session, which
/// may have logged in there a moment ago. And it is what the client has seen, as its parameters <c>seen</c> and <c>before</c> say.
/// Otherwise a client that restarts after a gap could get its position from one node and its history from another one that is behind, and
/// miss what is between them.
/// </summary>
internal sealed class SessionArrivalCheck(RequestDelegate next, ChatRoom room, PostOffice office)
{
    /// <summary>Above every id: integers in JavaScript end below this. Clients ask for the newest page with such a number.</summary>
    private const long NoId = (1L << 53) - 1;

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<LimitAttribute>()?.Charge is not (Charge.Session or Charge.Poll))
            return next(context);
        SessionKey session = SessionCookie.Read(context.Request);
        long seen = SeenOf(context.Request.Query);
        return room.MayArrive(session) || office.IsBehind(seen) ? WaitAsync(context, session, seen) : next(context);
    }

    private async Task WaitAsync(HttpContext context, SessionKey session, long seen)
    {
        await room.ArriveAsync(session, context.RequestAborted);
        if (await office.CatchUpAsync(seen))
            await next(context);
        else
            await CometReply.Refused(new Refused(Refusal.Unavailable)).WriteToAsync(context.Response);
    }

    /// <summary>The id below which the client knows everything, or asks for what came before it; 0 if it does not say.</summary>
    private static long SeenOf(IQueryCollection query)
    {
        string? text = query["seen"];
        if (string.IsNullOrEmpty(text))
            text = query["before"];
        return QueryNumber.TryRead(text, 0, NoId - 1, 0, out long id) ? id : 0;
    }
}
