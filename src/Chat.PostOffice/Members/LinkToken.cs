using System.Security.Cryptography;
using System.Text;

namespace ErlChat.Members;

/// <summary>The secret in a link that opens something once.</summary>
public static class LinkToken
{
    /// <summary>The longest token that is hashed, in characters. Ours have 43.</summary>
    public const int MaxLength = 128;

    /// <summary>
    /// The SHA-256 of a token, as 64 lower-case hexadecimal digits. A token that is too long to be ours gives an empty text, which no link
    /// has.
    /// </summary>
    public static string HashOf(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return token.Length > MaxLength ? "" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
    }
}
