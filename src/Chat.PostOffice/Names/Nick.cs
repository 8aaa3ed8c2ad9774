using System.Buffers;
using System.Text;
using ErlChat.Settings;
using ErlChat.Texts;

namespace ErlChat.Names;

/// <summary>The rules of nicks: 1 to <see cref="ChatOptions.MaxNickLength"/> ASCII letters or digits.</summary>
public static class Nick
{
    /// <summary>Largest value of <see cref="ChatOptions.MaxNickLength"/>.</summary>
    private const int LongestLength = 64;

    private static readonly SearchValues<char> s_allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

    private static readonly HashSet<string> s_reserved = new(StringComparer.OrdinalIgnoreCase) { "server", "system", "admin" };

    private static readonly HashSet<string> s_reservedLooks =
        [.. s_reserved.Select(Skeleton.Of), .. s_reserved.Select(nick => Skeleton.Of(nick.ToUpperInvariant()))];

    /// <summary>Whether nobody may have this nick, because it would be taken for the server's own voice.</summary>
    public static bool IsReserved(string nick) => s_reserved.Contains(nick);

    /// <summary>Whether a name is a reserved nick, or would be taken for one.</summary>
    public static bool LooksReserved(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return IsReserved(name) || s_reservedLooks.Contains(Skeleton.Of(name)) || s_reservedLooks.Contains(Skeleton.Of(name.ToLowerInvariant()));
    }

    /// <summary>Whether anybody can have this nick, under any options.</summary>
    internal static bool IsWellFormed(string nick) => nick is { Length: > 0 and <= LongestLength } && !nick.AsSpan().ContainsAnyExcept(s_allowed);

    /// <summary>
    /// The nick that a person who typed <paramref name="text"/> gets: blanks around stripped, cut to <paramref name="maxLength"/>,
    /// as the original did. Null when what remains is empty or has anything but letters and digits.
    /// </summary>
    public static string? Normalize(string? text, int maxLength)
    {
        ReadOnlySpan<char> nick = text.AsSpan().Trim(' ');
        if (nick.Length > maxLength)
            nick = nick[..maxLength];
        return nick.IsEmpty || nick.ContainsAnyExcept(s_allowed) ? null : nick.ToString();
    }

    /// <summary>
    /// The nick for a free name: its letters and digits, cut to <paramref name="maxLength"/>; <c>user</c> when none are left.
    /// It may be taken or reserved; the fold makes it unique.
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

    /// <summary>The <paramref name="number"/>th variant of a nick: digits at the end, still within <paramref name="maxLength"/>.</summary>
    public static string Variant(string nick, int number, int maxLength)
    {
        string digits = number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        int keep = Math.Max(0, Math.Min(nick.Length, maxLength - digits.Length));
        return nick[..keep] + digits;
    }
}
