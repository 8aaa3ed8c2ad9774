using System.Text.Encodings.Web;

namespace ErlChat.Protocol;

/// <summary>
/// Escapes in JSON only what JSON requires: quote, backslash, control characters below U+0020, and lone surrogates (as U+FFFD). Everything
/// else is raw UTF-8, as in both original servers.
/// </summary>
/// <remarks>
/// The framework's relaxed encoder is similar, but escapes DEL, unassigned and private-use characters. Safe for JSON bodies only, never
/// inside HTML.
/// </remarks>
public sealed class WireEncoder : JavaScriptEncoder
{
    public static WireEncoder Instance { get; } = new();

    private WireEncoder()
    {
    }

    /// <summary>The length of <c>\uXXXX</c>.</summary>
    public override int MaxOutputCharactersPerInputCharacter => 6;

    public override bool WillEncode(int unicodeScalar) => unicodeScalar < 0x20 || unicodeScalar is '"' or '\\';

    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength)
    {
        var span = new ReadOnlySpan<char>(text, textLength);
        for (int i = 0; i < span.Length; i++)
        {
            if (WillEncode(span[i]))
                return i;
            if (!char.IsSurrogate(span[i]))
                continue;
            if (i + 1 == span.Length || !char.IsSurrogatePair(span[i], span[i + 1]))
                return i;
            i++;
        }

        return -1;
    }

    public override unsafe bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        string escaped = unicodeScalar switch
        {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\b' => "\\b",
            '\f' => "\\f",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            _ => $"\\u{unicodeScalar:X4}",
        };
        bool fits = escaped.TryCopyTo(new Span<char>(buffer, bufferLength));
        numberOfCharactersWritten = fits ? escaped.Length : 0;
        return fits;
    }
}
