using System.Security.Cryptography;
using System.Text;

namespace ErlChat.Postgres.Nodes;

/// <summary>
/// What the database stores of the nodes' cookie: a salted hash, so that whoever reads the database does not learn the cookie. It is
/// computed once at a node's start, and is slow because people may choose cookies that can be guessed.
/// </summary>
internal static class CookieHash
{
    private const int Rounds = 100_000;
    private const int Bytes = 32;
    private const string Version = "1";

    /// <summary>The hash of a cookie with a new salt.</summary>
    internal static string Create(string cookie)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(16);
        return $"{Version}${Convert.ToHexStringLower(salt)}${Convert.ToHexStringLower(Hash(cookie, salt))}";
    }

    /// <summary>Whether a hash is that of a cookie. A hash that cannot be read is none.</summary>
    internal static bool Matches(string hash, string cookie)
    {
        if (hash.Split('$') is not [Version, var salt, var stored] || salt.Length != 32 || stored.Length != 2 * Bytes)
            return false;
        try
        {
            return CryptographicOperations.FixedTimeEquals(Convert.FromHexString(stored), Hash(cookie, Convert.FromHexString(salt)));
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static byte[] Hash(string cookie, byte[] salt) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(cookie), salt, Rounds, HashAlgorithmName.SHA256, Bytes);
}
