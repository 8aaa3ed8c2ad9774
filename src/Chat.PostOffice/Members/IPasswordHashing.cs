using System.Security.Cryptography;
using System.Text;

namespace ErlChat.Members;

/// <summary>
/// Computes password hashes, which deliberately take a tenth of a second of a core each: one at a time, and only so many a minute for each
/// person and each address.
/// </summary>
/// <remarks>Thread-safe. Calls may wait for others for some seconds, but do not block the caller's thread.</remarks>
public interface IPasswordHashing
{
    /// <summary>
    /// Checks a password. It takes the same time whether there is a hash or not, and however much of the password is right.
    /// </summary>
    /// <param name="who">Who tries whose password, for counting.</param>
    /// <param name="hash">The stored hash; null if there is none, so that every password is wrong.</param>
    /// <param name="password">The password to check.</param>
    /// <param name="next">Another password, whose hash is wanted if this one is right.</param>
    /// <returns>
    /// <see cref="HashEnd.Right"/> comes with the hash of <paramref name="next"/>. Without one, it comes with a new hash of the password if
    /// the stored one is weaker than those that are computed today.
    /// </returns>
    ValueTask<HashAnswer> VerifyAsync(Guesser who, string? hash, string password, string? next = null);

    /// <summary>
    /// Computes the hash of a new password, for a caller who needs no present one: the person's own session, or the holder of a reset link.
    /// <see cref="HashEnd.Right"/> comes with the hash.
    /// </summary>
    ValueTask<HashAnswer> HashAsync(Guesser who, string password);
}

/// <summary>Who tries whose password.</summary>
/// <param name="Person">Stands for the person whose password is tried (<see cref="Of"/>).</param>
/// <param name="Host">The address that tries (<see cref="Sessions.HostAddress"/>).</param>
public readonly record struct Guesser(string Person, string Host)
{
    /// <param name="userId">The member's user id; null if there is no member of that nick.</param>
    /// <param name="nick">
    /// The nick, as it was typed. Where there is no member, it stands for the person, ignoring case and blanks around it as a login does:
    /// otherwise spellings that share a limit would tell that there is a member.
    /// </param>
    /// <param name="host">The address that tries.</param>
    public static Guesser Of(string? userId, string nick, string host)
    {
        ArgumentNullException.ThrowIfNull(nick);
        string person = userId is null ? "nick " + nick.Trim().ToUpperInvariant() : "user " + userId;
        return new Guesser(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(person))), host);
    }
}

/// <summary>The result of hashing.</summary>
/// <param name="End">What came of it.</param>
/// <param name="Hash">A hash to store; null if there is none.</param>
/// <param name="Wait">How long until another try is allowed; only with <see cref="HashEnd.TooManyTries"/>.</param>
public readonly record struct HashAnswer(HashEnd End, string? Hash = null, TimeSpan Wait = default)
{
    /// <summary>Leaves the hash out, so that no log shows it by accident.</summary>
    public override string ToString() => $"{End} {Wait}";
}

/// <summary>The kinds of results of hashing.</summary>
public enum HashEnd
{
    /// <summary>The password is right, or the hash was computed.</summary>
    Right,

    /// <summary>The password is wrong, or there is none.</summary>
    Wrong,

    /// <summary>There were too many tries, so nothing was computed.</summary>
    TooManyTries,

    /// <summary>The server is stopping or could not compute the hash.</summary>
    Unavailable,
}
