using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace ErlChat.Names;

/// <summary>
/// The public ids of people. Those that the server makes are known as such by everybody, for ever and without remembering any: 24 random
/// hexadecimal digits and a checksum over them. So none of them is ever given to a client that asks for it.
/// </summary>
public static class UserId
{
    /// <summary>Longest id, in characters.</summary>
    public const int MaxLength = 64;

    private const int RandomDigits = 24;
    private const int Digits = 32;

    private static readonly SearchValues<char> s_allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>A new id: 32 lower-case hexadecimal digits, as the flack wire has them, 96 bits of them random.</summary>
    public static string Create()
    {
        string random = RandomNumberGenerator.GetHexString(RandomDigits, lowercase: true);
        return random + ChecksumOf(random);
    }

    /// <summary>
    /// Whether this server, or any other of its kind, made the id. Of others' ids of 32 such digits one in 4 · 10⁹ looks so.
    /// </summary>
    public static bool IsOurs(string? id) => id is { Length: Digits }
        && string.Equals(ChecksumOf(id[..RandomDigits].ToLowerInvariant()), id[RandomDigits..], StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether anybody can have this id: 1 to 64 of <c>[A-Za-z0-9_-]</c>.</summary>
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
