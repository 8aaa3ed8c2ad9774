using System.Buffers;
using System.IO.Pipelines;
using ErlChat.Protocol.Comet;

namespace ErlChat.Web.Comet;

/// <summary>The answer that has mail in it: prefix, shared bytes, suffix.</summary>
internal static class MailAnswer
{
    internal static int LengthOf(Mail[] mail, CometFormat format)
    {
        int length = CometEnvelope.Prefix.Length + CometEnvelope.Suffix.Length + CometEnvelope.Separator.Length * Math.Max(0, mail.Length - 1);
        foreach (Mail one in mail)
            length += one.In(format).Length;
        return length;
    }

    /// <summary>Writes as many bytes as <see cref="LengthOf"/> says.</summary>
    internal static void Write(IBufferWriter<byte> writer, Mail[] mail, CometFormat format)
    {
        writer.Write(CometEnvelope.Prefix);
        for (int i = 0; i < mail.Length; i++)
        {
            if (i > 0)
                writer.Write(CometEnvelope.Separator);
            writer.Write(mail[i].In(format));
        }

        writer.Write(CometEnvelope.Suffix);
    }

    internal static ValueTask<FlushResult> WriteAsync(HttpResponse response, Mail[] mail, CometFormat format)
    {
        CometReply.SetHeaders(response, LengthOf(mail, format));
        Write(response.BodyWriter, mail, format);
        return response.BodyWriter.FlushAsync();
    }
}
