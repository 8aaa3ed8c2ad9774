using System.Text;
using ErlChat.History;
using ErlChat.Mailboxes;
using ErlChat.Web.Answers;
using Microsoft.AspNetCore.Mvc;

namespace ErlChat.Web.Comet;

/// <summary>Writes a page of history in the format of a poll's answer.</summary>
/// <param name="withId">The value of an additional member, which needs no escaping; null to leave it out.</param>
internal sealed class HistoryPage(MailPage page, string? withId, AnswerWriter answers, FullCometFormat format) : IActionResult
{
    public Task ExecuteResultAsync(ActionContext context)
    {
        int count = MailAnswer.FitLast(page, format, answers.MaxAnswerBytes, SuffixOf(more: true).Length);
        Mail[] items = [.. page.Skip(page.Count - count)];
        byte[] suffix = SuffixOf(page.More || count < page.Count);
        int length = MailAnswer.LengthOf(items, format, suffix);
        CometReply.SetHeaders(context.HttpContext.Response, length);
        return answers.WriteAsync(context.HttpContext, items, format, length, suffix);
    }

    private byte[] SuffixOf(bool more) => Encoding.ASCII.GetBytes(
        $"]{(withId is null ? "" : $",\"with_id\":\"{withId}\"")}{(more ? ",\"more\":true" : "")}}}");
}
