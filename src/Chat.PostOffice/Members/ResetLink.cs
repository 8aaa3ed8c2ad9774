using System.Security.Cryptography;
using System.Text;

namespace ErlChat.Members;

/// <summary>A link with which its holder may set a member's password, once.</summary>
/// <param name="TokenHash">The hash of the token in the link (<see cref="HashOf"/>). The token itself is stored nowhere.</param>
/// <param name="UserId">The member.</param>
/// <param name="Expires">The link is valid before this time.</param>
public sealed record ResetLink(string TokenHash, string UserId, DateTimeOffset Expires)
{
    /// <summary>The longest token that is hashed, in characters. Ours have 43.</summary>
    private const int MaxTokenLength = 128;

    /// <summary>
    /// The SHA-256 of a token, as 64 lower-case hexadecimal digits. A token that is too long to be ours gives an empty text, which no link
    /// has.
    /// </summary>
    public static string HashOf(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return token.Length > MaxTokenLength ? "" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
    }
}
