using ErlChat.Appending;
using ErlChat.Log;
using ErlChat.Members;
using ErlChat.Outcomes;
using ErlChat.Sessions;
using ErlChat.Settings;
using ErlChat.State;

namespace ErlChat.Rooms;

/// <summary>
/// Links with which anybody who has one may enter a room, private or not, until the link expires or is revoked. Only the hash of a link's
/// secret is in the log and in the state.
/// </summary>
/// <remarks>Thread-safe, without a lock.</remarks>
public sealed class RoomLinks
{
    private readonly ChatRoom _room;
    private readonly CommandQueue _commands;
    private readonly ChatOptions _options;
    private readonly TimeProvider _time;

    internal RoomLinks(ChatRoom room, CommandQueue commands, ChatOptions options, TimeProvider time) =>
        (_room, _commands, _options, _time) = (room, commands, options, time);

    /// <summary>Makes a link. The members get a notice. Its secret is only in the answer.</summary>
    /// <returns>
    /// The link, or null and why: refused for BadSession, NotInRoom, NotModerator, HomeRoom (everybody is in the lobby), TooManyLinks,
    /// Unavailable or Stopping.
    /// </returns>
    public async Task<(NewRoomLink? Link, Refused? Refused)> MakeAsync(SessionKey session, string room)
    {
        ArgumentNullException.ThrowIfNull(room);
        if (RefusalOf(session, room) is { } refused)
            return (null, refused);
        string secret = SessionToken.Create();
        string hash = LinkToken.HashOf(secret);
        DateTimeOffset until = _time.GetUtcNow() + _options.RoomLinkLifetime;
        Outcome outcome = await _commands.ExecuteAsync(new RoomLinkMade(session, room, hash, until, _options.MaxLinksPerRoom));
        return outcome is Refused no ? (null, no) : (new NewRoomLink(hash[..RoomLink.IdLength], secret, until), null);
    }

    /// <summary>Revokes a link. The members get a notice.</summary>
    /// <param name="session">Who revokes it.</param>
    /// <param name="room">The room.</param>
    /// <param name="id">The link (<see cref="RoomLinkView.Id"/>).</param>
    /// <returns>
    /// <see cref="Accepted"/>, or refused for BadSession, NotInRoom, NotModerator, BadLink (no such link), Unavailable or Stopping.
    /// </returns>
    public async Task<Outcome> RevokeAsync(SessionKey session, string room, string id)
    {
        ArgumentNullException.ThrowIfNull(room);
        ArgumentNullException.ThrowIfNull(id);
        if (RefusalOf(session, room) is { } refused)
            return refused;
        return id.Length == RoomLink.IdLength && id.All(char.IsAsciiHexDigitLower)
            ? await _commands.ExecuteAsync(new RoomLinkRevoked(session, room, id))
            : new Refused(Refusal.BadLink);
    }

    /// <summary>Enters the room to which a link leads.</summary>
    /// <param name="session">Who enters.</param>
    /// <param name="secret">The secret, as it was in the link.</param>
    /// <returns>
    /// <see cref="RoomAccepted"/>, also for a member of the room; or refused for BadSession, BadLink, TooManyRooms, Unavailable or
    /// Stopping.
    /// </returns>
    public async Task<Outcome> EnterAsync(SessionKey session, string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        if (_room.Find(session) is null)
            return new Refused(Refusal.BadSession);
        string hash = LinkToken.HashOf(secret);

        // A guess must not fill the log. The fold decides whether the link is still valid.
        return _room.IsLink(hash)
            ? await _commands.ExecuteAsync(new RoomLinkUsed(session, hash, _options.MaxRoomsPerSession))
            : new Refused(Refusal.BadLink);
    }

    private Refused? RefusalOf(SessionKey session, string room) =>
        _room.FindRoom(session, room) is not null ? null
        : new Refused(_room.Find(session) is null ? Refusal.BadSession : Refusal.NotInRoom);
}

/// <summary>A link that was made.</summary>
/// <param name="Id">How moderators name it.</param>
/// <param name="Secret">The secret in it: 43 characters of base64url.</param>
/// <param name="Until">When it ends.</param>
public sealed record NewRoomLink(string Id, string Secret, DateTimeOffset Until)
{
    /// <summary>Leaves the secret out, so that no log shows it by accident.</summary>
    public override string ToString() => $"the link {Id} until {Until:O}";
}
