using ErlChat.Names;
using ErlChat.Postings;

namespace ErlChat.History;

/// <summary>
/// Whose private messages to look for. If both are given, a message must match both; if neither is given, all messages match.
/// </summary>
/// <param name="Nick">The nick that the other user had when the message was written (<see cref="Names.Nick.Same"/>).</param>
/// <param name="UserId">The other user's id.</param>
public sealed record Correspondent(string? Nick, string? UserId = null)
{
    /// <summary>All private messages of the session.</summary>
    public static Correspondent Anybody { get; } = new(null, null);

    public static implicit operator Correspondent(string nick) => new(nick);

    /// <summary>Whether a message was exchanged with this user.</summary>
    public bool Fits(Whisper message)
    {
        ArgumentNullException.ThrowIfNull(message);
        Person other = message.Own ? message.To : message.From;
        return (Nick is null || Names.Nick.Same(other.Nick, Nick))
            && (UserId is null || other.UserId == UserId);
    }
}
