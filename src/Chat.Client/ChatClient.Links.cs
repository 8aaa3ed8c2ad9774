using System.Text.Json;
using ErlChat.Protocol.Comet;

namespace ErlChat.Client;

/// <summary>The calls about links into rooms.</summary>
public sealed partial class ChatClient
{
    /// <summary>
    /// Enters the room to which a link leads, private or not. It is not an error if the client is already in it. The link's server is not
    /// compared with those of the client: its secret goes to the client's own.
    /// </summary>
    /// <param name="link">The link (<c>https://chat.example/chat/#join=SECRET</c>), or the secret in it.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ChatRefusedException">BadLink, TooManyRooms, SessionEnded, TooManyPending.</exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public async Task<RoomSnapshot> EnterByLinkAsync(string link, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(link);
        var form = new Dictionary<string, string> { ["link"] = WireCalls.SecretOf(link, "#join=") };
        CometAnswer answer = await PostAsync("chat/room/enter/", form, cancellationToken).ConfigureAwait(false);
        return await EnteredAsync(answer, Lobby, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Makes a link with which anybody can enter a room, any number of times. Only for moderators. If the answer is lost, the call makes
    /// another one; <see cref="RoomAsync"/> lists both.
    /// </summary>
    /// <exception cref="ChatRefusedException">
    /// NotModerator, NotInRoom, HomeRoom (an administrator, in the lobby), TooManyLinks, SessionEnded, TooManyPending.
    /// </exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public async Task<NewRoomLink> MakeRoomLinkAsync(string room, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(room);
        var form = new Dictionary<string, string> { ["room"] = room };
        JsonElement made = (await PostAsync("chat/room/link/", form, cancellationToken).ConfigureAwait(false)).Response;
        return new NewRoomLink(LinkOf(made), WireCalls.Text(made, "link"));
    }

    /// <summary>Revokes a link. Who has entered with it stays in the room. Only for moderators.</summary>
    /// <param name="room">The room.</param>
    /// <param name="id">The link's <see cref="RoomLink.Id"/>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ChatRefusedException">BadLink (there is none with that id), NotModerator, NotInRoom, SessionEnded.</exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public Task RevokeRoomLinkAsync(string room, string id, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return ActAsync("unlink", room, new() { ["id"] = id }, cancellationToken, done: CometErrors.BadLink);
    }

    private static RoomLink LinkOf(JsonElement link) =>
        new(WireCalls.Text(link, "id"), WireCalls.Text(link, "by"), WireCalls.Time(link, "until"));
}
