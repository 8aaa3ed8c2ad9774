using System.Buffers;

namespace ErlChat.Protocol.Flack;

/// <summary>The bounds that the flack wire sets to what clients say (docs/flack.md, clause 6).</summary>
public static class FlackLimits
{
    /// <summary>Longest <c>user_name</c>, in characters (Unicode scalar values, so that its bytes are bounded too).</summary>
    public const int MaxUserNameLength = 64;

    /// <summary>Longest <c>chat_name</c>, in characters (Unicode scalar values).</summary>
    public const int MaxChatNameLength = 128;

    /// <summary>Longest <c>user_id</c> that a client may wish for, in characters.</summary>
    public const int MaxUserIdLength = 64;

    private static readonly SearchValues<char> s_userId =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Whether a client may be known by this id: 1 to 64 of <c>[A-Za-z0-9_-]</c>.</summary>
    public static bool IsUserId(string? text) => text is { Length: > 0 and <= MaxUserIdLength } && !text.AsSpan().ContainsAnyExcept(s_userId);

    /// <summary>Whether a name is neither empty nor longer than allowed. It may hold anything else.</summary>
    public static bool IsName(string text, int maxLength)
    {
        ArgumentNullException.ThrowIfNull(text);

        // A character takes one or two UTF-16 units, so only the lengths between need counting.
        if (text.Length == 0 || text.Length > maxLength * 2)
            return false;
        return text.Length <= maxLength || text.EnumerateRunes().Count() <= maxLength;
    }
}
