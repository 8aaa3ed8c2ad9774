using System.Buffers;

namespace ErlChat.Names;

/// <summary>The rules of room names. Names are unique ignoring case.</summary>
public static class RoomName
{
    /// <summary>The room that every web login enters.</summary>
    public const string Lobby = "lobby";

    /// <summary>Longest name that can be typed at the comet door, in characters.</summary>
    public const int MaxLength = 32;

    private static readonly SearchValues<char> s_allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Whether a name is 1 to 32 letters, digits, <c>-</c> or <c>_</c>. The flack wire has a wider rule of its own.</summary>
    public static bool IsValid(string? name) => name is { Length: > 0 and <= MaxLength } && !name.AsSpan().ContainsAnyExcept(s_allowed);

    /// <summary>Whether two names mean the same room.</summary>
    public static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
