using System.Globalization;
using System.Security.Cryptography;

namespace ErlChat.Web.Admin;

/// <summary>A password as PBKDF2-HMAC-SHA-256: <c>pbkdf2-sha256$ITERATIONS$SALT$HASH</c>, the last two in base64.</summary>
internal sealed class PasswordHash
{
    /// <summary>What OWASP's password storage cheat sheet asks for PBKDF2-HMAC-SHA256 (2023).</summary>
    internal const int DefaultIterations = 600_000;

    private const string Scheme = "pbkdf2-sha256";
    private const int MaxIterations = 10_000_000;

    private readonly int _iterations;
    private readonly byte[] _salt;
    private readonly byte[] _hash;

    private PasswordHash(int iterations, byte[] salt, byte[] hash) => (_iterations, _salt, _hash) = (iterations, salt, hash);

    internal static PasswordHash Create(string password, int iterations = DefaultIterations)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(16);
        return new PasswordHash(iterations, salt, Derive(password, salt, iterations, 32));
    }

    /// <summary>Reads what <see cref="ToString"/> wrote; null when it is something else.</summary>
    internal static PasswordHash? Parse(string text)
    {
        if (text.Split('$') is not [Scheme, string iterations, string salt, string hash]
            || !int.TryParse(iterations, NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            || count is < 1 or > MaxIterations)
        {
            return null;
        }

        var saltBytes = new byte[salt.Length];
        var hashBytes = new byte[hash.Length];
        return Convert.TryFromBase64String(salt, saltBytes, out int saltLength) && saltLength >= 8
            && Convert.TryFromBase64String(hash, hashBytes, out int hashLength) && hashLength >= 16
                ? new PasswordHash(count, saltBytes[..saltLength], hashBytes[..hashLength])
                : null;
    }

    /// <summary>Whether this is the password; takes the same time whatever part of it is right. Costs about 0.1 s of CPU on purpose.</summary>
    internal bool Matches(string password) => CryptographicOperations.FixedTimeEquals(Derive(password, _salt, _iterations, _hash.Length), _hash);

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Scheme}${_iterations}${Convert.ToBase64String(_salt)}${Convert.ToBase64String(_hash)}");

    private static byte[] Derive(string password, byte[] salt, int iterations, int length) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, length);
}
