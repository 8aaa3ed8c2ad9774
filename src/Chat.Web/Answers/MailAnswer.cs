using System.Buffers;
using ErlChat.Mailboxes;
using ErlChat.Protocol.Comet;
using ErlChat.Web.Backpressure;

namespace ErlChat.Web.Answers;

/// <summary>An answer that contains mail: a prefix, each mail's bytes (shared by all its readers), and a suffix.</summary>
internal static class MailAnswer
{
    private static int Frame => CometEnvelope.Prefix.Length + CometEnvelope.Suffix.Length;

    /// <summary>
    /// How many mails from the beginning fit into an answer of <paramref name="maxBytes"/>, at least one, and the length of that answer.
    /// </summary>
    internal static int Fit(Mail[] mail, MailFormat format, int maxBytes, out int length)
    {
        length = Frame + mail[0].In(format).Length;
        for (int i = 1; i < mail.Length; i++)
        {
            int longer = length + CometEnvelope.Separator.Length + mail[i].In(format).Length;
            if (longer > maxBytes)
                return i;
            length = longer;
        }

        return mail.Length;
    }

    /// <summary>
    /// Which mails fit into an answer of <paramref name="maxBytes"/>: at least the one at an index, and those next to it, as many on either
    /// side, if both have so many.
    /// </summary>
    /// <param name="mail">One mail or more.</param>
    /// <param name="at">The index of a mail.</param>
    /// <param name="format">The format of the answer.</param>
    /// <param name="maxBytes">The most bytes.</param>
    /// <param name="suffix">The length of the answer's suffix in bytes.</param>
    /// <returns>The first index, and the one after the last.</returns>
    internal static (int First, int End) FitAround(IReadOnlyList<Mail> mail, int at, MailFormat format, int maxBytes, int suffix)
    {
        (int first, int end) = (at, at + 1);
        (bool down, bool up) = (first > 0, end < mail.Count);
        for (int length = CometEnvelope.Prefix.Length + mail[at].In(format).Length + suffix; down || up;)
        {
            bool older = down && (!up || at - first < end - at);
            int longer = length + CometEnvelope.Separator.Length + mail[older ? first - 1 : end].In(format).Length;
            if (longer > maxBytes)
            {
                (down, up) = (down && !older, up && older);
                continue;
            }

            length = longer;
            if (older)
                down = --first > 0;
            else
                up = ++end < mail.Count;
        }

        return (first, end);
    }

    internal static int LengthOf(Mail[] mail, MailFormat format, byte[] suffix)
    {
        int length = CometEnvelope.Prefix.Length + suffix.Length + CometEnvelope.Separator.Length * Math.Max(0, mail.Length - 1);
        foreach (Mail one in mail)
            length += one.In(format).Length;
        return length;
    }

    /// <summary>Writes the answer: exactly as many bytes as <see cref="LengthOf"/> or <see cref="Fit"/> returned.</summary>
    /// <param name="suffix">The answer's suffix; null for <see cref="CometEnvelope.Suffix"/>.</param>
    internal static void Write(IBufferWriter<byte> writer, Mail[] mail, MailFormat format, byte[]? suffix = null)
    {
        writer.Write(CometEnvelope.Prefix);
        for (int i = 0; i < mail.Length; i++)
        {
            if (i > 0)
                writer.Write(CometEnvelope.Separator);
            writer.Write(mail[i].In(format));
        }

        writer.Write(suffix ?? s_suffix);
    }

    /// <summary>Writes the answer piece by piece.</summary>
    internal static async ValueTask WriteAsync(PieceWriter writer, Mail[] mail, MailFormat format, byte[]? suffix = null)
    {
        await writer.WriteAsync(s_prefix);
        for (int i = 0; i < mail.Length; i++)
        {
            if (i > 0)
                await writer.WriteAsync(s_separator);
            await writer.WriteAsync(mail[i].In(format));
        }

        await writer.WriteAsync(suffix ?? s_suffix);
        await writer.EndAsync();
    }

    private static readonly byte[] s_prefix = CometEnvelope.Prefix.ToArray();
    private static readonly byte[] s_separator = CometEnvelope.Separator.ToArray();
    private static readonly byte[] s_suffix = CometEnvelope.Suffix.ToArray();
}
