using System.Globalization;
using ErlChat.Appending;
using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Sessions;
using ErlChat.Settings;
using ErlChat.Texts;

namespace ErlChat.Rooms;

/// <summary>
/// What owners and moderators do in their rooms, by slash command or by a call of a door. The fold checks the rights. A room that the user
/// may not know of is refused like one that does not exist.
/// </summary>
/// <remarks>Thread-safe, without a lock.</remarks>
public sealed class RoomModeration
{
    /// <summary>The longest pause of a slow room: an hour.</summary>
    public const int LongestPause = 3600;

    /// <summary>A kind of entry, as logs name it. Nodes that know it know that rooms have owners and may be private.</summary>
    internal const string Kind = "room_changed";

    private readonly ChatRoom _room;
    private readonly CommandQueue _commands;
    private readonly ChatOptions _options;
    private readonly TextRule _texts;

    internal RoomModeration(ChatRoom room, CommandQueue commands, ChatOptions options) =>
        (_room, _commands, _options, _texts) = (room, commands, options, new TextRule(options));

    /// <summary>Changes how a room is used. The members get a notice.</summary>
    /// <param name="session">Who changes it.</param>
    /// <param name="room">The room.</param>
    /// <param name="change">What to change.</param>
    /// <param name="key">The client's idempotency key; null for none.</param>
    /// <returns>
    /// <see cref="Accepted"/>, also if nothing had to be changed; <see cref="Repeated"/>; or refused for BadSession, NotInRoom,
    /// NotModerator, NotOwner (privacy and the archive), HomeRoom (the lobby cannot be private), Unavailable or Stopping.
    /// </returns>
    public Task<Outcome> ChangeAsync(SessionKey session, string room, RoomChange change, string? key = null)
    {
        ArgumentNullException.ThrowIfNull(change);
        ArgumentOutOfRangeException.ThrowIfNegative(change.Slow ?? 0, nameof(change));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(change.Slow ?? 0, LongestPause, nameof(change));
        return RunAsync(session, room, new RoomChanged(session, room)
        {
            Private = change.Private,
            Locked = change.Locked,
            Archived = change.Archived,
            Slow = change.Slow,
            Key = key,
        });
    }

    /// <summary>
    /// Gives a room another title: the name that people see. Its address stays, and both lead to the room. The members are told.
    /// </summary>
    /// <param name="session">Who renames it.</param>
    /// <param name="room">The room.</param>
    /// <param name="title">The new name (<see cref="RoomName.IsValid"/>); the room's address, or nothing, takes the title away.</param>
    /// <param name="key">The client's idempotency key; null for none.</param>
    /// <returns>
    /// <see cref="Accepted"/>, also if that is the room's name already; <see cref="Repeated"/>; or refused for BadSession, NotInRoom,
    /// NotModerator, Muted, BadRoomName, LooksAlike, NameNotFree (another room has it, now or as its address), Unavailable or Stopping.
    /// </returns>
    public Task<Outcome> RenameAsync(SessionKey session, string room, string title, string? key = null)
    {
        ArgumentNullException.ThrowIfNull(title);
        if (_room.FindRoom(session, room) is not { } found)
            return RefuseUnknown(session);
        string name = title.Length == 0 ? found.Name : title;

        // The address may break the rule: another door has wider rules for the names of new rooms.
        if (name != found.Name && !RoomName.IsValid(name))
            return Refuse(Refusal.BadRoomName);
        string look = Skeleton.Of(name);
        return ChatRoom.LooksLikeLobby(name, look)
            ? Refuse(Refusal.LooksAlike)
            : RunAsync(session, room, new RoomRenamed(session, room, name) { Look = look, Key = key });
    }

    /// <summary>Invites a user, who gets a notice and may enter the room.</summary>
    /// <returns>
    /// <see cref="Accepted"/>, <see cref="Repeated"/>, or refused for BadSession, NotInRoom, NotModerator, NoSuchUser, AlreadyInRoom,
    /// TooManyInvitations, Secret, Unavailable or Stopping.
    /// </returns>
    /// <inheritdoc cref="ChangeAsync" path="/param"/>
    public Task<Outcome> InviteAsync(SessionKey session, string room, string nick, string? key = null) =>
        RunAsync(
            session, room, new RoomInvited(session, room, _room.SpellingOf(nick), _options.MaxInvitationsPerRoom) { Key = key }, nick);

    /// <summary>Takes an invitation back.</summary>
    /// <returns>
    /// <see cref="Accepted"/>, <see cref="Repeated"/>, or refused for BadSession, NotInRoom, NotModerator, NoSuchUser (also if the user is
    /// not invited), Secret, Unavailable or Stopping.
    /// </returns>
    /// <inheritdoc cref="ChangeAsync" path="/param"/>
    public Task<Outcome> WithdrawAsync(SessionKey session, string room, string nick, string? key = null) => RunAsync(
        session,
        room,
        new RoomInvited(session, room, _room.SpellingOf(nick), _options.MaxInvitationsPerRoom) { Withdrawn = true, Key = key },
        nick);

    /// <summary>Gives a member another role. The members get a notice.</summary>
    /// <returns>
    /// <see cref="Accepted"/>, also if the user has that role; <see cref="Repeated"/>; or refused for BadSession, NotInRoom, NotModerator,
    /// NotOwner, NoSuchUser (also if the user is not in the room), NotYourself (owners give up the room by making someone else the owner),
    /// TooManyModerators, Secret, Unavailable or Stopping.
    /// </returns>
    /// <inheritdoc cref="ChangeAsync" path="/param"/>
    public Task<Outcome> SetRoleAsync(SessionKey session, string room, string nick, RoomRole role, string? key = null) => RunAsync(
        session,
        room,
        new RoomRoleChanged(session, room, _room.SpellingOf(nick), role, _options.MaxModeratorsPerRoom) { Key = key },
        nick);

    /// <summary>Removes a user from a room. The user may come back to a public room at once.</summary>
    /// <returns>
    /// <see cref="Accepted"/>, <see cref="Repeated"/>, or refused for BadSession, NotInRoom, NotModerator, NotOwner (the owner cannot be
    /// removed, and a moderator only by the owner), NoSuchUser (also if the user is not in the room), NotYourself, HomeRoom, TooLong,
    /// BadText, Secret, Unavailable or Stopping.
    /// </returns>
    /// <inheritdoc cref="ChangeAsync" path="/param"/>
    public Task<Outcome> KickAsync(SessionKey session, string room, string nick, string reason, string? key = null)
    {
        ArgumentNullException.ThrowIfNull(reason);
        string said = TextRule.WellFormed(reason).Trim();
        if (_texts.Check(said) is { } fault)
            return Refuse(fault);
        return said.Length > 0 && !TextRule.IsLine(said)
            ? Refuse(Refusal.BadText)
            : RunAsync(session, room, new RoomKicked(session, room, _room.SpellingOf(nick), said) { Key = key }, nick);
    }

    /// <summary>Executes a command if the room and the nick can exist at all. Otherwise it would only fill the log.</summary>
    private Task<Outcome> RunAsync(SessionKey session, string room, Entry entry, string? nick = null)
    {
        ArgumentNullException.ThrowIfNull(room);
        if (_room.FindRoom(session, room) is null)
            return RefuseUnknown(session);
        return nick is not null && !Nick.IsWellFormed(Nick.Composed(nick)) ? Refuse(Refusal.NoSuchUser) : _commands.ExecuteAsync(entry);
    }

    /// <summary>Refuses a command in a room that the session may not know of.</summary>
    private Task<Outcome> RefuseUnknown(SessionKey session) =>
        Refuse(_room.Find(session) is null ? Refusal.BadSession : Refusal.NotInRoom);

    private static Task<Outcome> Refuse(Refusal why) => Task.FromResult<Outcome>(new Refused(why));
}

/// <summary>A change of how a room is used. Only what is not null changes.</summary>
/// <param name="Private">Whether only members may know of the room.</param>
/// <param name="Locked">Whether only moderators may speak.</param>
/// <param name="Archived">Whether nobody may speak.</param>
/// <param name="Slow">How many seconds a user has to wait between two messages, 0 to <see cref="RoomModeration.LongestPause"/>.</param>
public sealed record RoomChange(bool? Private = null, bool? Locked = null, bool? Archived = null, int? Slow = null)
{
    /// <summary>Parses the pause of a slow room, in seconds; null if it is not a number within the range.</summary>
    public static int? PauseOf(string? seconds) =>
        int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out int pause) && pause <= RoomModeration.LongestPause
            ? pause
            : null;
}
