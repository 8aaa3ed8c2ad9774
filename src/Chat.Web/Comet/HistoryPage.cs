using System.Text;
using ErlChat.History;
using ErlChat.Mailboxes;
using ErlChat.Web.Answers;
using Microsoft.AspNetCore.Mvc;

namespace ErlChat.Web.Comet;

/// <summary>Writes a page of history in the format of a poll's answer.</summary>
/// <param name="page">The page.</param>
/// <param name="near">The sequence near which items are kept if not all fit into the answer.</param>
/// <param name="withId">The value of an additional member, which needs no escaping; null to leave it out.</param>
/// <param name="answers">Writes answers.</param>
/// <param name="format">The format of the items.</param>
internal sealed class HistoryPage(MailPage page, long near, string? withId, AnswerWriter answers, FullCometFormat format) : IActionResult
{
    public Task ExecuteResultAsync(ActionContext context)
    {
        (int first, int end) = page.Count == 0
            ? (0, 0)
            : MailAnswer.FitAround(page, IndexNear(), format, answers.MaxAnswerBytes, SuffixOf(more: true, newer: true).Length);
        Mail[] items = [.. page.Skip(first).Take(end - first)];
        byte[] suffix = SuffixOf(page.More || first > 0, page.Newer || end < page.Count);
        int length = MailAnswer.LengthOf(items, format, suffix);
        CometReply.SetHeaders(context.HttpContext.Response, length);
        return answers.WriteAsync(context.HttpContext, items, format, length, suffix);
    }

    /// <summary>The index of the first item that is not older; of the last item if all are.</summary>
    private int IndexNear() => Math.Min(page.TakeWhile(mail => mail.Sequence < near).Count(), page.Count - 1);

    private byte[] SuffixOf(bool more, bool newer) => Encoding.ASCII.GetBytes(
        $"]{(withId is null ? "" : $",\"with_id\":\"{withId}\"")}{(more ? ",\"more\":true" : "")}{(newer ? ",\"newer\":true" : "")}}}");
}
