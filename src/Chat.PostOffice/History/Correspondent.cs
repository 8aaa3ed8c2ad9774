using ErlChat.Names;
using ErlChat.Postings;

namespace ErlChat.History;

/// <summary>Whose private messages are looked for. With both, a message must fit both; with neither, all fit.</summary>
/// <param name="Nick">Whoever had this nick, ignoring case, when the message was written.</param>
/// <param name="UserId">The person with this id, and nobody else.</param>
public sealed record Correspondent(string? Nick, string? UserId = null)
{
    /// <summary>All private messages of the session.</summary>
    public static Correspondent Anybody { get; } = new(null, null);

    public static implicit operator Correspondent(string nick) => new(nick);

    /// <summary>Whether a message was exchanged with this person.</summary>
    public bool Fits(Whisper message)
    {
        ArgumentNullException.ThrowIfNull(message);
        Person other = message.Own ? message.To : message.From;
        return (Nick is null || string.Equals(other.Nick, Nick, StringComparison.OrdinalIgnoreCase))
            && (UserId is null || other.UserId == UserId);
    }
}
