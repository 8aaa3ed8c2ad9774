using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace ErlChat.Names;

/// <summary>
/// The public ids of users. An id created by a server can always be recognised without being stored: it is 24 random hexadecimal digits and
/// a checksum over them. So no client that asks for such an id gets it.
/// </summary>
public static class UserId
{
    /// <summary>The longest id, in characters.</summary>
    public const int MaxLength = 64;

    private const int RandomDigits = 24;
    private const int Digits = 32;

    private static readonly SearchValues<char> s_allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Creates an id: 32 lower-case hexadecimal digits, as on the flack wire. 96 bits are random.</summary>
    public static string Create()
    {
        string random = RandomNumberGenerator.GetHexString(RandomDigits, lowercase: true);
        return random + ChecksumOf(random);
    }

    /// <summary>Whether a server of this kind created the id. Of other ids with 32 such digits, one in 4 · 10⁹ passes too.</summary>
    public static bool IsOurs(string? id) => id is { Length: Digits }
        && string.Equals(ChecksumOf(id[..RandomDigits].ToLowerInvariant()), id[RandomDigits..], StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether an id is valid: 1 to 64 of <c>[A-Za-z0-9_-]</c>.</summary>
    public static bool IsWellFormed(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return id.Length is > 0 and <= MaxLength && !id.AsSpan().ContainsAnyExcept(s_allowed);
    }

    private static string ChecksumOf(string random)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes("ErlChat user id " + random));
        return Convert.ToHexStringLower(hash, 0, (Digits - RandomDigits) / 2);
    }
}
