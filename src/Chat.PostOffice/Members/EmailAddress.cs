using System.Buffers;

namespace ErlChat.Members;

/// <summary>Which e-mail addresses members may store.</summary>
public static class EmailAddress
{
    /// <summary>The longest address, in characters: what fits into the path of SMTP (RFC 5321, section 4.5.3.1.3).</summary>
    public const int MaxLength = 254;

    private const int MaxLocalLength = 64;

    /// <summary>
    /// The characters of the part before the @ (RFC 5322, section 3.2.3). Quoted parts are not accepted: hardly anybody has one, and they
    /// may contain what ends a header or an address.
    /// </summary>
    private static readonly SearchValues<char> s_local = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~");

    /// <summary>Whether a text is an address that mail can be sent to, as far as its characters tell.</summary>
    /// <remarks>
    /// Only ASCII. Browsers write the domain of an address in ASCII anyway, and a local part beyond it needs a mail server that knows
    /// SMTPUTF8.
    /// </remarks>
    public static bool IsValid(string? text)
    {
        int at = text?.IndexOf('@', StringComparison.Ordinal) ?? -1;
        if (text is not { Length: <= MaxLength } || at is not (> 0 and <= MaxLocalLength))
            return false;
        return text[..at].Split('.').All(static part => part.Length > 0 && !part.AsSpan().ContainsAnyExcept(s_local))
            && text[(at + 1)..].Split('.').All(IsLabel);
    }

    private static bool IsLabel(string label) =>
        label is { Length: > 0 and <= 63 } && label[0] != '-' && label[^1] != '-'
        && label.All(static one => char.IsAsciiLetterOrDigit(one) || one == '-');
}
