using ErlChat.Mailboxes;
using ErlChat.Sessions;
using ErlChat.Web.Answers;
using ErlChat.Web.Limits;
using ErlChat.Web.Requests;

namespace ErlChat.Web.Comet;

/// <summary>
/// <c>GET /chat/wait/?msg_id=N</c>: the parked poll as an ordinary request. Tens of thousands of polls wait at once, so each one does
/// without a scope, a view or a linked token, and has a single timer (<c>docs/adr/0004</c>). Most polls arrive over the fast lane and never
/// get here (<c>docs/adr/0008</c>).
/// </summary>
internal sealed class WaitEndpoint(Polls polls, PollLimits limits, AnswerWriter answers, FullCometFormat format)
{
    internal async Task HandleAsync(HttpContext context)
    {
        var query = WaitQuery.Parse(context.Request.QueryString.Value, polls.Epoch);
        SessionKey session = SessionCookie.Read(context.Request);
        Mailbox? box = polls.Find(session, query, last: null, out CometReply? reply);
        if (!PollLimits.IsFree(box, query)
            && await limits.PayAsync(session, HostAddress.Of(context.Connection.RemoteIpAddress), context.RequestAborted) is { } refused)
        {
            await LimitCheck.RefuseAsync(context.Response, refused, Charge.Poll);
            return;
        }

        if (box is not null)
        {
            await polls.RecallAsync(context.Request, box);
            long started = polls.Started();
            MailRead read = await polls.WaitAsync(box, query, context.RequestAborted);
            polls.Ended(read.Status, started);
            if (read.Status == MailStatus.Superseded)
                await limits.PaySupersededAsync(session, context.RequestAborted);
            if (read.Status == MailStatus.Mail)
            {
                Mail[] fit = polls.Fit(box, query, read.Mail, out int length);
                CometReply.SetHeaders(context.Response, length);
                await answers.WriteAsync(context, fit, format.For(query.AllJoins), length);
                return;
            }

            reply = Polls.ReplyTo(read, query);
        }

        if (reply is not null)
            await reply.WriteToAsync(context, answers);
    }
}
