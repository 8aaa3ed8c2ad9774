using System.Buffers;
using System.Text;
using ErlChat.Settings;
using ErlChat.Texts;

namespace ErlChat.Names;

/// <summary>
/// The rules for nicks: 1 to <see cref="ChatOptions.MaxNickLength"/> ASCII letters or digits; for clients that ask for it, letters and
/// digits of any script (<see cref="AnyScriptNick"/>). Thread-safe.
/// </summary>
public static class Nick
{
    /// <summary>The largest value of <see cref="ChatOptions.MaxNickLength"/>.</summary>
    private const int LongestLength = 64;

    /// <summary>The largest value of <see cref="ChatOptions.MaxNickBytes"/>.</summary>
    private const int LongestBytes = 1024;

    private static readonly SearchValues<char> s_allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

    private static readonly HashSet<string> s_reserved = new(StringComparer.OrdinalIgnoreCase) { "server", "system", "admin" };

    private static readonly HashSet<string> s_reservedLooks =
        [.. s_reserved.Select(Skeleton.Of), .. s_reserved.Select(nick => Skeleton.Of(nick.ToUpperInvariant()))];

    /// <summary>Whether a nick is reserved, in any spelling, because users would take its owner for the server.</summary>
    public static bool IsReserved(string nick) => s_reserved.Contains(KeyOf(nick));

    /// <summary>Whether a name is a reserved nick, or looks like one.</summary>
    public static bool LooksReserved(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return IsReserved(name) || s_reservedLooks.Contains(Skeleton.Of(name))
            || s_reservedLooks.Contains(Skeleton.Of(name.ToLowerInvariant()));
    }

    /// <summary>Whether somebody may have this nick under some options. Without this check, commands would fill the log.</summary>
    internal static bool IsWellFormed(string nick) => Ascii.IsValid(nick)
        ? nick.Length is > 0 and <= LongestLength && !nick.AsSpan().ContainsAnyExcept(s_allowed)
        : nick.Length <= LongestBytes && nick.EnumerateRunes().All(AnyScriptNick.IsAllowed);

    /// <summary>
    /// A nick that a user typed to name somebody, composed (NFC) as nicks are. A text that is too long for a nick is returned as it is.
    /// </summary>
    public static string Composed(string nick)
    {
        ArgumentNullException.ThrowIfNull(nick);
        return nick.Length > LongestBytes ? nick : Composition.Of(nick);
    }

    /// <summary>What is the same in all spellings of a nick (<see cref="NickKey"/>).</summary>
    public static string KeyOf(string nick)
    {
        ArgumentNullException.ThrowIfNull(nick);
        return nick.Length > LongestBytes ? nick : NickKey.Of(nick);
    }

    /// <summary>Whether two texts are the same nick.</summary>
    public static bool Same(string one, string other) => Ascii.IsValid(one) && Ascii.IsValid(other)
        ? string.Equals(one, other, StringComparison.OrdinalIgnoreCase)
        : KeyOf(one) == KeyOf(other);

    /// <summary>Reads the nick that a user wants.</summary>
    /// <param name="text">As typed.</param>
    /// <param name="options">For the limits of the length.</param>
    /// <param name="anyScript">
    /// Whether the user's client can show nicks of any script. Otherwise they are what they were in the original
    /// (<see cref="Normalize"/>).
    /// </param>
    public static NickReading Read(string? text, ChatOptions options, bool anyScript)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (anyScript)
            return AnyScriptNick.Read(text, options);
        return Normalize(text, options.MaxNickLength) is { } nick ? new NickReading(nick) : new NickReading(null, NickFault.Characters);
    }

    /// <summary>
    /// The nick for what a user typed: without surrounding blanks and cut to <paramref name="maxLength"/>, as in the original. Null if the
    /// rest is empty or has characters other than letters and digits.
    /// </summary>
    public static string? Normalize(string? text, int maxLength)
    {
        ReadOnlySpan<char> nick = text.AsSpan().Trim(' ');
        if (nick.Length > maxLength)
            nick = nick[..maxLength];
        return nick.IsEmpty || nick.ContainsAnyExcept(s_allowed) ? null : nick.ToString();
    }

    /// <summary>
    /// The nick for a free name: its letters and digits, cut to <paramref name="maxLength"/>; <c>user</c> if there are none. It may be
    /// taken or reserved; the fold makes it unique.
    /// </summary>
    public static string Reduce(string name, int maxLength)
    {
        var nick = new StringBuilder(maxLength);
        foreach (char c in name)
        {
            if (nick.Length < maxLength && s_allowed.Contains(c))
                nick.Append(c);
        }

        return nick.Length == 0 ? "user" : nick.ToString();
    }

    /// <summary>
    /// The <paramref name="number"/>th variant of a nick, with digits at the end and within <paramref name="maxLength"/>.
    /// </summary>
    public static string Variant(string nick, int number, int maxLength)
    {
        string digits = number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        int keep = Math.Max(0, Math.Min(nick.Length, maxLength - digits.Length));
        return nick[..keep] + digits;
    }
}
