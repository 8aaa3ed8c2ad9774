namespace ErlChat.Names;

/// <summary>How other users see a session.</summary>
/// <param name="Nick">The handle, which nobody else has in any spelling (<see cref="Names.Nick.Same"/>).</param>
/// <param name="Name">The display name: the nick, or a flack user's <c>user_name</c>.</param>
/// <param name="UserId">The session's public id, unique among live sessions.</param>
public sealed record Person(string Nick, string Name, string UserId)
{
    /// <summary>
    /// What the history shows in place of the nick and the name of a person who was erased. Nobody can have it: nicks are letters and
    /// digits.
    /// </summary>
    public const string ErasedNick = "[deleted]";
}
