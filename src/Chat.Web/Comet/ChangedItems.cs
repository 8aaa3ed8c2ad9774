using System.Text;
using ErlChat.History;
using ErlChat.Mailboxes;
using ErlChat.Protocol.Comet;
using ErlChat.Web.Answers;
using Microsoft.AspNetCore.Mvc;

namespace ErlChat.Web.Comet;

/// <summary>Writes what was done to messages, and the reactions to them, in the format of a poll's answer, as many items from the beginning as fit.</summary>
internal sealed class ChangedItems(ChangesPage page, AnswerWriter answers, FullCometFormat format) : IActionResult
{
    public Task ExecuteResultAsync(ActionContext context)
    {
        Mail[] items = [.. page.Items];
        int most = answers.MaxAnswerBytes - SuffixOf(more: true).Length + CometEnvelope.Suffix.Length;
        int count = items.Length == 0 ? 0 : MailAnswer.Fit(items, format, most, out _);
        byte[] suffix = SuffixOf(page.More || count < items.Length);
        Mail[] fit = items[..count];
        int length = MailAnswer.LengthOf(fit, format, suffix);
        CometReply.SetHeaders(context.HttpContext.Response, length);
        return answers.WriteAsync(context.HttpContext, fit, format, length, suffix);
    }

    private static byte[] SuffixOf(bool more) => Encoding.ASCII.GetBytes(more ? "],\"more\":true}" : "]}");
}
