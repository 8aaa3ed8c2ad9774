using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Passwords;

/// <summary>
/// The hash of a password, of a member's or the administrators'. There are two formats: the framework's (<see
/// cref="PasswordHasher{TUser}"/>, one base64 string) and that of earlier versions, <c>pbkdf2-sha256$ITERATIONS$SALT$HASH</c>, which can
/// be read but is no longer written.
/// </summary>
internal sealed class PasswordHash
{
    /// <summary>
    /// The number of rounds that OWASP's password storage cheat sheet (2023) recommends for PBKDF2-HMAC-SHA512, which the framework's
    /// hasher uses.
    /// </summary>
    internal const int DefaultIterations = 210_000;

    /// <summary>The longest password that is checked, in UTF-16 code units. A longer one counts as wrong.</summary>
    internal const int MaxPasswordLength = 1024;

    private const string OldScheme = "pbkdf2-sha256";
    private const int MaxIterations = 10_000_000;

    /// <summary>
    /// The length of the header in the framework's format: a marker and three numbers of four bytes, followed by the salt and the key. The
    /// older of the framework's two formats has a marker and 48 bytes.
    /// </summary>
    private const int HeaderLength = 13;
    private const byte OlderMarker = 0;
    private const byte Marker = 1;

    private static readonly Nobody s_nobody = new();

    private readonly string _text;
    private readonly Func<string, PasswordVerificationResult> _verify;

    private PasswordHash(string text, Func<string, PasswordVerificationResult> verify) => (_text, _verify) = (text, verify);

    /// <summary>Hashes a password with a new salt. With the default number of rounds this deliberately costs about 0.1 s of CPU.</summary>
    internal static PasswordHash Create(string password, int iterations = DefaultIterations) =>
        OfFramework(HasherWith(iterations).HashPassword(s_nobody, password));

    /// <summary>
    /// Reads a hash that <see cref="ToString"/> of this or an earlier version wrote. Returns null if the text is no such hash.
    /// </summary>
    internal static PasswordHash? Parse(string text) =>
        text.Contains('$', StringComparison.Ordinal) ? ParseOld(text) : ParseFramework(text);

    /// <summary>
    /// Whether this is the password. The time does not depend on how much of it is right, and is about that of <see cref="Create"/>.
    /// </summary>
    internal bool Matches(string password) => Verify(password) != PasswordVerificationResult.Failed;

    /// <summary>
    /// The same, and whether this hash is weaker than what <see cref="Create"/> computes today, so that it should be replaced.
    /// </summary>
    internal PasswordVerificationResult Verify(string password) =>
        password.Length <= MaxPasswordLength ? _verify(password) : PasswordVerificationResult.Failed;

    /// <summary>How many rounds it took; 0 for a format that does not say so in the same place.</summary>
    internal int Iterations =>
        _text.Contains('$', StringComparison.Ordinal) || Convert.FromBase64String(_text) is not [Marker, ..] bytes ? 0
            : BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(5));

    public override string ToString() => _text;

    private static PasswordHash? ParseFramework(string text)
    {
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out int length))
            return null;
        bool known = length > 0 && bytes[0] switch
        {
            OlderMarker => length == 49,
            Marker => length >= HeaderLength + 16 + 16
                && BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(5)) is >= 1 and <= MaxIterations,
            _ => false,
        };
        return known ? OfFramework(text) : null;
    }

    private static PasswordHash OfFramework(string text)
    {
        PasswordHasher<Nobody> hasher = HasherWith(DefaultIterations);
        return new PasswordHash(
            text,
            password => hasher.VerifyHashedPassword(s_nobody, text, password));
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
            Rfc2898DeriveBytes.Pbkdf2(password, saltBytes, count, HashAlgorithmName.SHA256, hashBytes.Length), hashBytes)
            ? PasswordVerificationResult.SuccessRehashNeeded
            : PasswordVerificationResult.Failed);
    }

    private static PasswordHasher<Nobody> HasherWith(int iterations) =>
        new(Options.Create(new PasswordHasherOptions { IterationCount = iterations }));

    /// <summary>The user type that the framework's hasher requires but does not use.</summary>
    private sealed class Nobody;
}
