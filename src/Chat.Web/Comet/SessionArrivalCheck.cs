using ErlChat.Delivery;
using ErlChat.Outcomes;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Web.Answers;
using ErlChat.Web.Limits;
using ErlChat.Web.Requests;

namespace ErlChat.Web.Comet;

/// <summary>
/// Makes a session ready for a request. If its user was offline, the request brings the user back. In a chat of several nodes, the request
/// also waits until this node knows what its client knows from another one. That is the session, which may have logged in there a moment
/// ago. And it is what the client has seen, as its parameters <c>seen</c> and <c>before</c> say. Otherwise a client that restarts after a
/// gap could get its position from one node and its history from another one that is behind, and miss what is between them.
/// </summary>
/// <remarks>
/// A poll without <c>epoch</c> brings nobody back: the client of 2009 could not continue after a gap, and is told to log in. Nor does a
/// logout.
/// </remarks>
internal sealed class SessionArrivalCheck(RequestDelegate next, ChatRoom room, PostOffice office, AnswerWriter answers)
{
    /// <summary>Above every id: integers in JavaScript end below this. Clients ask for the newest page with such a number.</summary>
    private const long NoId = (1L << 53) - 1;

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<LimitAttribute>()?.Charge is not (Charge.Session or Charge.Poll))
            return next(context);
        SessionKey session = SessionCookie.Read(context.Request);

        // Now, and not only at the endpoint: the request may have to wait for its turn, and the session must not be found idle meanwhile.
        office.Find(session)?.Touch();
        long seen = office.HasSeveralNodes ? SeenOf(context.Request.Query) : 0;
        return room.MayArrive(session) || office.IsBehind(seen) ? WaitAsync(context, session, seen) : next(context);
    }

    private async Task WaitAsync(HttpContext context, SessionKey session, long seen)
    {
        if (!await room.ArriveAsync(session, context.RequestAborted))
        {
            // This node cannot tell whether the session has ended. If it said so, the client would log in again, and find its own nick in
            // use. The status is for the client of 2009, which polls again after it, and after no error in an answer.
            await AnswerWriter.RefuseAsync(context);
            return;
        }

        Refused? refused = BringsBack(context) ? await room.ReturnAsync(session, context.RequestAborted) : null;
        if (refused is null && !await office.CatchUpAsync(seen))
            refused = new Refused(Refusal.Unavailable);
        if (refused is null)
            await next(context);
        else
            await CometReply.Refused(refused).WriteToAsync(context, answers);
    }

    /// <summary>The id below which the client knows everything, or asks for what came before it; 0 if it does not say.</summary>
    private static long SeenOf(IQueryCollection query)
    {
        string? text = query["seen"];
        if (string.IsNullOrEmpty(text))
            text = query["before"];
        if (string.IsNullOrEmpty(text))
            text = query["after"];
        return QueryNumber.TryRead(text, 0, NoId - 1, 0, out long id) ? id : 0;
    }

    private static bool BringsBack(HttpContext context)
    {
        EndpointMetadataCollection metadata = context.GetEndpoint()!.Metadata;
        return metadata.GetMetadata<LimitAttribute>()!.Charge == Charge.Poll
            ? WaitQuery.Parse(context.Request.QueryString.Value, "").HasEpoch
            : metadata.GetMetadata<WorksOfflineAttribute>() is null;
    }
}

/// <summary>Marks a call that a session can make without bringing its user back online.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class WorksOfflineAttribute : Attribute;
