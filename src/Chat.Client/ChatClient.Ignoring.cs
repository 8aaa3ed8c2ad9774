using ErlChat.Protocol.Comet;

namespace ErlChat.Client;

/// <summary>The calls about whom the user ignores. <see cref="MeAsync"/> has the list.</summary>
public sealed partial class ChatClient
{
    /// <summary>
    /// Ignores a user, on all devices. The server keeps the list and delivers everything as before; the program leaves out what
    /// <see cref="PersonInfo.Ignored"/> is about. It is not an error if the user is ignored already.
    /// </summary>
    /// <exception cref="ChatRefusedException">NoSuchUser, NotAllowed (oneself), TooManyIgnored, SessionEnded, TooManyPending.</exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>; also after that time if the server keeps no list.</exception>
    public Task IgnoreAsync(string nick, CancellationToken cancellationToken = default) =>
        IgnoreAsync(Naming(nick), cancellationToken);

    /// <summary>
    /// Ignores one particular user, and not another user who has taken the nick since. Otherwise as
    /// <see cref="IgnoreAsync(string, CancellationToken)"/>.
    /// </summary>
    /// <param name="userId">The user's id, from <see cref="Whispered.FromId"/> for example.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ChatRefusedException">
    /// NoSuchUser (the user is gone for good), NotAllowed (oneself), TooManyIgnored, SessionEnded, TooManyPending.
    /// </exception>
    /// <exception cref="ChatUnavailableException">As <see cref="IgnoreAsync(string, CancellationToken)"/>.</exception>
    public Task IgnoreByIdAsync(string userId, CancellationToken cancellationToken = default) =>
        IgnoreAsync(NamingId(userId), cancellationToken);

    /// <summary>No longer ignores whoever has or had a nick.</summary>
    /// <exception cref="ChatRefusedException">NoSuchUser (nobody of that nick is ignored), SessionEnded, TooManyPending.</exception>
    /// <exception cref="ChatUnavailableException">As <see cref="IgnoreAsync(string, CancellationToken)"/>.</exception>
    public Task StopIgnoringAsync(string nick, CancellationToken cancellationToken = default) =>
        StopIgnoringAsync(Naming(nick), cancellationToken);

    /// <summary>No longer ignores one particular user. Others who had the nick stay ignored.</summary>
    /// <param name="userId">The user's id (<see cref="IgnoredUser.UserId"/>). The user need not exist any longer.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ChatRefusedException">NoSuchUser (that user is not ignored), SessionEnded, TooManyPending.</exception>
    /// <exception cref="ChatUnavailableException">As <see cref="IgnoreAsync(string, CancellationToken)"/>.</exception>
    public Task StopIgnoringByIdAsync(string userId, CancellationToken cancellationToken = default) =>
        StopIgnoringAsync(NamingId(userId), cancellationToken);

    private async Task IgnoreAsync(Dictionary<string, string> whom, CancellationToken cancellationToken) =>
        await PostAsync("chat/ignore/", whom, cancellationToken).ConfigureAwait(false);

    private async Task StopIgnoringAsync(Dictionary<string, string> whom, CancellationToken cancellationToken) =>
        await PostAsync("chat/unignore/", whom, cancellationToken, done: CometErrors.NoSuchUser).ConfigureAwait(false);

    private static Dictionary<string, string> NamingId(string userId)
    {
        ArgumentException.ThrowIfNullOrEmpty(userId);
        return new Dictionary<string, string> { ["user_id"] = userId };
    }
}
