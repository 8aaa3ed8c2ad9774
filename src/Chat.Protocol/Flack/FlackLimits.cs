using System.Buffers;

namespace ErlChat.Protocol.Flack;

/// <summary>The flack wire's limits for what clients send (docs/flack.md, clause 6).</summary>
public static class FlackLimits
{
    /// <summary>The longest <c>user_name</c>, in characters (Unicode scalar values, so that its bytes are limited too).</summary>
    public const int MaxUserNameLength = 64;

    /// <summary>The longest <c>chat_name</c>, in characters (Unicode scalar values).</summary>
    public const int MaxChatNameLength = 128;

    /// <summary>The longest <c>user_id</c> that a client may ask for, in characters.</summary>
    public const int MaxUserIdLength = 64;

    private static readonly SearchValues<char> s_userId =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Whether a client may ask for this id: 1 to 64 of <c>[A-Za-z0-9_-]</c>.</summary>
    public static bool IsUserId(string? text) =>
        text is { Length: > 0 and <= MaxUserIdLength } && !text.AsSpan().ContainsAnyExcept(s_userId);

    /// <summary>Whether a name is neither empty nor too long. It may contain any characters.</summary>
    public static bool IsName(string text, int maxLength)
    {
        ArgumentNullException.ThrowIfNull(text);

        // A character takes one or two UTF-16 units, so only lengths in between need counting.
        if (text.Length == 0 || text.Length > maxLength * 2)
            return false;
        return text.Length <= maxLength || text.EnumerateRunes().Count() <= maxLength;
    }
}
