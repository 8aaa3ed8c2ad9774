namespace ErlChat.Terminal.Chatting;

/// <summary>Who the program's user is. It has no readable text, so that no message gets a password.</summary>
/// <param name="servers">The chat's servers.</param>
/// <param name="nick">The nick as given.</param>
internal sealed class LoginSettings(Uri[] servers, string nick)
{
    internal Uri[] Servers { get; } = servers;

    internal string Nick { get; } = nick;

    /// <summary>The member's password; null for a guest, and for a member who comes back with a stored session.</summary>
    internal string? Password { get; init; }

    /// <summary>A script's new password, for <c>/register</c> and <c>/password</c>; null for none. Users are asked for it.</summary>
    internal string? NewPassword { get; init; }
}
