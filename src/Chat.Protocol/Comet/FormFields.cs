using System.Buffers;
using System.Text;

namespace ErlChat.Protocol.Comet;

/// <summary>
/// The fields of an <c>application/x-www-form-urlencoded</c> body, parsed as the original did: both <c>&amp;</c> and <c>;</c> separate
/// fields, the first of two equal names counts, and malformed escapes are kept. Bytes that are not UTF-8 become U+FFFD.
/// </summary>
/// <remarks>The framework's reader does not accept <c>;</c> and does not handle broken UTF-8, and existing clients use both.</remarks>
public static class FormFields
{
    /// <summary>The fields by name. The cost is linear in the body, whose size the door limits.</summary>
    public static IReadOnlyDictionary<string, string> Parse(ReadOnlySpan<byte> body)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        while (!body.IsEmpty)
        {
            int end = body.IndexOfAny((byte)'&', (byte)';');
            ReadOnlySpan<byte> field = end < 0 ? body : body[..end];
            body = end < 0 ? [] : body[(end + 1)..];
            if (field.IsEmpty)
                continue;
            int equals = field.IndexOf((byte)'=');
            string name = Decode(equals < 0 ? field : field[..equals]);
            fields.TryAdd(name, equals < 0 ? "" : Decode(field[(equals + 1)..]));
        }

        return fields;
    }

    private static string Decode(ReadOnlySpan<byte> text)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(text.Length);
        int length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            byte b = text[i];
            if (b == '%' && i + 2 < text.Length && char.IsAsciiHexDigit((char)text[i + 1]) && char.IsAsciiHexDigit((char)text[i + 2]))
            {
                b = (byte)(Digit(text[i + 1]) << 4 | Digit(text[i + 2]));
                i += 2;
            }
            else if (b == '+')
            {
                b = (byte)' ';
            }

            buffer[length++] = b;
        }

        string decoded = Encoding.UTF8.GetString(buffer, 0, length);
        ArrayPool<byte>.Shared.Return(buffer);
        return decoded;
    }

    private static int Digit(byte hex) => hex <= '9' ? hex - '0' : (hex | 0x20) - 'a' + 10;
}
