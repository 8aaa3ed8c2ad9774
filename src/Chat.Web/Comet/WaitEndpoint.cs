namespace ErlChat.Web.Comet;

/// <summary>
/// <c>GET /chat/wait/?msg_id=N</c>: the parked poll as an ordinary request. Tens of thousands of these wait at once, so it holds no scope, no view, no linked token
/// and one timer (<c>docs/adr/0004</c>). Most polls come over the fast lane and never get here (<c>docs/adr/0008</c>).
/// </summary>
internal sealed class WaitEndpoint(Polls polls, CometFormat format)
{
    internal async Task HandleAsync(HttpContext context)
    {
        var query = WaitQuery.Parse(context.Request.QueryString.Value, polls.Epoch);
        if (polls.Find(SessionCookie.Read(context.Request), query, last: null, out CometReply? reply) is { } box)
        {
            ListCookie.Recall(context.Request, box);
            MailRead read = await polls.WaitAsync(box, query, context.RequestAborted);
            if (read.Status == MailStatus.Mail)
            {
                await MailAnswer.WriteAsync(context.Response, read.Mail, format);
                return;
            }

            reply = Polls.ReplyTo(read);
        }

        if (reply is not null)
            await reply.WriteToAsync(context.Response);
    }
}
