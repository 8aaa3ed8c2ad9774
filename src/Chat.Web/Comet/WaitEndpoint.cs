using ErlChat.Web.Answers;

namespace ErlChat.Web.Comet;

/// <summary>
/// <c>GET /chat/wait/?msg_id=N</c>: the parked poll as an ordinary request. Tens of thousands of these wait at once, so it holds no scope, no view, no linked token
/// and one timer (<c>docs/adr/0004</c>). Most polls come over the fast lane and never get here (<c>docs/adr/0008</c>).
/// </summary>
internal sealed class WaitEndpoint(Polls polls, AnswerWriter answers, CometFormat format)
{
    internal async Task HandleAsync(HttpContext context)
    {
        var query = WaitQuery.Parse(context.Request.QueryString.Value, polls.Epoch);
        if (polls.Find(SessionCookie.Read(context.Request), query, last: null, out CometReply? reply) is { } box)
        {
            MailRead read = await polls.WaitAsync(box, query, context.RequestAborted);
            if (read.Status == MailStatus.Mail)
            {
                Mail[] fit = polls.Fit(box, query, read.Mail, out int length);
                CometReply.SetHeaders(context.Response, length);
                await answers.WriteAsync(context, fit, format, length);
                return;
            }

            reply = Polls.ReplyTo(read);
        }

        if (reply is not null)
            await reply.WriteToAsync(context, answers);
    }
}
