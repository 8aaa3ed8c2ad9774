namespace ErlChat.Client;

/// <summary>Who logs in to the chat, and how. Immutable. It has no readable text, so that no log gets the password.</summary>
/// <param name="nick">
/// 1 to 16 letters, with the marks on them, or digits, all of one script. The server removes surrounding blanks and refuses longer nicks. A
/// member's nick may be in any spelling: <c>strasse</c> for <c>Straße</c>.
/// </param>
public sealed class ChatLogin(string nick)
{
    /// <summary>The nick.</summary>
    public string Nick { get; } = nick ?? throw new ArgumentNullException(nameof(nick));

    /// <summary>
    /// The password of the member with that nick. The client keeps it in memory, in case the server forgets the session and it has to log
    /// in again.
    /// </summary>
    /// <value>Null by default: a guest logs in.</value>
    public string? Password { get; init; }

    /// <summary>
    /// Whether the program stores the session (<see cref="ChatClient.Export"/>). While the program does not run, the user then is offline
    /// and keeps the nick, the rooms and the private messages: a guest for 7 days and a member for 30, unless the server is set up
    /// differently. Otherwise the session ends when it has been idle for 160 s.
    /// </summary>
    /// <value>False by default.</value>
    public bool Keep { get; init; }
}
