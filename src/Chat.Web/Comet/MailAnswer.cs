using System.Buffers;
using System.IO.Pipelines;
using ErlChat.Protocol.Comet;

namespace ErlChat.Web.Comet;

/// <summary>The answer that has mail in it: prefix, shared bytes, suffix, straight into the response's pipe.</summary>
internal static class MailAnswer
{
    internal static ValueTask<FlushResult> WriteAsync(HttpResponse response, IReadOnlyList<Mail> mail, CometFormat format)
    {
        int length = CometEnvelope.Prefix.Length + CometEnvelope.Suffix.Length;
        for (int i = 0; i < mail.Count; i++)
            length += mail[i].In(format).Length + (i > 0 ? CometEnvelope.Separator.Length : 0);
        CometReply.SetHeaders(response, length);

        PipeWriter writer = response.BodyWriter;
        writer.Write(CometEnvelope.Prefix);
        for (int i = 0; i < mail.Count; i++)
        {
            if (i > 0)
                writer.Write(CometEnvelope.Separator);
            writer.Write(mail[i].In(format));
        }

        writer.Write(CometEnvelope.Suffix);
        return writer.FlushAsync();
    }
}
