using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Admin;

/// <summary>
/// The administrators' password as a hash: the framework's (<see cref="PasswordHasher{TUser}"/>, one run of base64), or that of earlier
/// versions, <c>pbkdf2-sha256$ITERATIONS$SALT$HASH</c>, which is only read.
/// </summary>
internal sealed class PasswordHash
{
    /// <summary>What OWASP's password storage cheat sheet asks for PBKDF2-HMAC-SHA512 (2023), which the framework's hasher uses.</summary>
    internal const int DefaultIterations = 210_000;

    /// <summary>Longest password that is looked at, in UTF-16 units; a longer one is wrong.</summary>
    internal const int MaxPasswordLength = 1024;

    private const string OldScheme = "pbkdf2-sha256";
    private const int MaxIterations = 10_000_000;

    /// <summary>
    /// The framework's format: a marker, three numbers of four bytes, the salt and the key. The older of its two formats has a marker and
    /// 48 bytes.
    /// </summary>
    private const int HeaderLength = 13;
    private const byte OlderMarker = 0;
    private const byte Marker = 1;

    private static readonly Administrators s_administrators = new();

    private readonly string _text;
    private readonly Func<string, bool> _matches;

    private PasswordHash(string text, Func<string, bool> matches) => (_text, _matches) = (text, matches);

    /// <summary>
    /// Hashes a password, with a salt of its own. Costs about 0.1 s of CPU with the default number of rounds, on purpose.
    /// </summary>
    internal static PasswordHash Create(string password, int iterations = DefaultIterations) =>
        OfFramework(HasherWith(iterations).HashPassword(s_administrators, password));

    /// <summary>Reads what <see cref="ToString"/> wrote, or an earlier version; null when it is something else.</summary>
    internal static PasswordHash? Parse(string text) =>
        text.Contains('$', StringComparison.Ordinal) ? ParseOld(text) : ParseFramework(text);

    /// <summary>Whether this is the password; takes the same time whatever part of it is right. As slow as <see cref="Create"/>.</summary>
    internal bool Matches(string password) => password.Length <= MaxPasswordLength && _matches(password);

    public override string ToString() => _text;

    private static PasswordHash? ParseFramework(string text)
    {
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out int length))
            return null;
        bool known = length > 0 && bytes[0] switch
        {
            OlderMarker => length == 49,
            Marker => length >= HeaderLength + 16 + 16 && BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(5)) is >= 1 and <= MaxIterations,
            _ => false,
        };
        return known ? OfFramework(text) : null;
    }

    private static PasswordHash OfFramework(string text)
    {
        PasswordHasher<Administrators> hasher = HasherWith(DefaultIterations);
        return new PasswordHash(
            text,
            password => hasher.VerifyHashedPassword(s_administrators, text, password) != PasswordVerificationResult.Failed);
    }

    private static PasswordHash? ParseOld(string text)
    {
        if (text.Split('$') is not [OldScheme, string iterations, string salt, string hash]
            || !int.TryParse(iterations, NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            || count is < 1 or > MaxIterations)
        {
            return null;
        }

        var saltBytes = new byte[salt.Length];
        var hashBytes = new byte[hash.Length];
        if (!Convert.TryFromBase64String(salt, saltBytes, out int saltLength) || saltLength < 8
            || !Convert.TryFromBase64String(hash, hashBytes, out int hashLength) || hashLength < 16)
        {
            return null;
        }

        (saltBytes, hashBytes) = (saltBytes[..saltLength], hashBytes[..hashLength]);
        return new PasswordHash(text, password => CryptographicOperations.FixedTimeEquals(
            Rfc2898DeriveBytes.Pbkdf2(password, saltBytes, count, HashAlgorithmName.SHA256, hashBytes.Length), hashBytes));
    }

    private static PasswordHasher<Administrators> HasherWith(int iterations) =>
        new(Options.Create(new PasswordHasherOptions { IterationCount = iterations }));

    /// <summary>Whose password it is: the framework's hasher wants to be told, and does not look.</summary>
    private sealed class Administrators;
}
