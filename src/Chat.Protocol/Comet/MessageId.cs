namespace ErlChat.Protocol.Comet;

/// <summary>Parses <c>msg_id</c> as the original did.</summary>
public static class MessageId
{
    /// <summary>
    /// The leading integer of a text: <c>2xyz</c> is 2, <c>+2</c> is 2, <c>-1</c> is -1. Without one – missing, empty, <c>abc</c>, a
    /// leading blank – it is 0. A number too large for 64 bits becomes the largest or smallest one, which no log has reached.
    /// </summary>
    public static long Parse(ReadOnlySpan<char> text)
    {
        bool negative = false;
        if (text is ['+' or '-', ..])
        {
            negative = text[0] == '-';
            text = text[1..];
        }

        long value = 0;
        foreach (char c in text)
        {
            if (!char.IsAsciiDigit(c))
                break;
            if (value > (long.MaxValue - 9) / 10)
                return negative ? long.MinValue : long.MaxValue;
            value = value * 10 + (c - '0');
        }

        return negative ? -value : value;
    }
}
