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
    public async Task IgnoreAsync(string nick, CancellationToken cancellationToken = default) =>
        await PostAsync("chat/ignore/", Naming(nick), cancellationToken).ConfigureAwait(false);

    /// <summary>No longer ignores whoever has or had a nick.</summary>
    /// <exception cref="ChatRefusedException">NoSuchUser (nobody of that nick is ignored), SessionEnded, TooManyPending.</exception>
    /// <exception cref="ChatUnavailableException">As <see cref="IgnoreAsync"/>.</exception>
    public async Task StopIgnoringAsync(string nick, CancellationToken cancellationToken = default) =>
        await PostAsync("chat/unignore/", Naming(nick), cancellationToken, done: CometErrors.NoSuchUser).ConfigureAwait(false);
}
