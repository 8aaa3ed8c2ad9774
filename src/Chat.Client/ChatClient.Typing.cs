using ErlChat.Protocol.Comet;

namespace ErlChat.Client;

/// <summary>Telling others that the user is typing.</summary>
public sealed partial class ChatClient
{
    /// <summary>For how long others show that the user is typing after one call; zero if the server tells nobody.</summary>
    public TimeSpan TypingLifetime => _keeper.Current.TypingLifetime;

    /// <summary>
    /// Tells those in a room that the user is typing. Call it again every half of <see cref="TypingLifetime"/> while the user goes on; the
    /// server ignores more frequent calls. Tried once.
    /// </summary>
    /// <param name="room">The room.</param>
    /// <param name="on">False if the user has stopped without sending anything.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ChatRefusedException">NotInRoom, Muted, RoomLocked, RoomArchived, SessionEnded.</exception>
    /// <exception cref="ChatUnavailableException">The server could not be reached.</exception>
    public Task TellTypingAsync(string room = Lobby, bool on = true, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(room);
        return TellTypingAsync("room", room, on, cancellationToken);
    }

    /// <summary>The same for a private conversation.</summary>
    /// <param name="userId">The id of the other user.</param>
    /// <param name="on">False if the user has stopped without sending anything.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ChatRefusedException">NoSuchUser, Muted, SessionEnded.</exception>
    /// <exception cref="ChatUnavailableException">The server could not be reached.</exception>
    public Task TellTypingToAsync(string userId, bool on = true, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(userId);
        return TellTypingAsync("with", userId, on, cancellationToken);
    }

    private async Task TellTypingAsync(string where, string name, bool on, CancellationToken cancellationToken)
    {
        _keeper.ThrowIfEnded();
        var form = new Dictionary<string, string> { [where] = name, ["on"] = on ? "1" : "0" };
        try
        {
            await _calls.RunAsync(
                async call =>
                {
                    CometAnswer answer = await _http
                        .AskAsync("chat/typing/", _keeper.Current.Token, form, _options.RequestTimeout, call.Token).ConfigureAwait(false);
                    return answer.OrThrow();
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (ServerFault fault)
        {
            throw new ChatUnavailableException(fault.Message, mayHaveHappened: true, fault);
        }
    }
}
