using System.Text.Json;
using ErlChat.Protocol.Comet;

namespace ErlChat.Client;

/// <summary>The calls about rooms.</summary>
public sealed partial class ChatClient
{
    /// <summary>Enters a room, which is created for its first member. It is not an error if the client is already in it.</summary>
    /// <exception cref="ChatRefusedException">BadRoomName, LooksAlike, NameNotFree, TooManyRooms, SessionEnded.</exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public Task<RoomSnapshot> JoinAsync(string room, CancellationToken cancellationToken = default) =>
        EnterAsync(room, isPrivate: false, cancellationToken);

    /// <summary>Creates a private room, which only those see who are in it. If there is such a room already, enters that.</summary>
    /// <exception cref="ChatRefusedException">As <see cref="JoinAsync"/>.</exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public Task<RoomSnapshot> JoinPrivateAsync(string room, CancellationToken cancellationToken = default) =>
        EnterAsync(room, isPrivate: true, cancellationToken);

    private async Task<RoomSnapshot> EnterAsync(string room, bool isPrivate, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(room);
        var form = new Dictionary<string, string> { ["room"] = room };
        if (isPrivate)
            form["private"] = "1";
        (CometAnswer answer, _) = await _sends.PostAsync("chat/join/", form, repeatable: true, cancellationToken).ConfigureAwait(false);
        if (answer.Error == CometErrors.AlreadyInRoom)
        {
            room = _keeper.AddressOf(room);
            _keeper.NoteRoom(room, inside: true);
            return await UsersAsync(room, cancellationToken).ConfigureAwait(false);
        }

        return await EnteredAsync(answer.OrThrow(), room, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Notes the room that an answer says was entered, and who is in it.</summary>
    private async Task<RoomSnapshot> EnteredAsync(CometAnswer answer, string room, CancellationToken cancellationToken)
    {
        string name = WireCalls.Text(answer.Response, "room") is { Length: > 0 } spelled ? spelled : room;
        string? title = WireCalls.Title(answer.Response);
        _keeper.NoteRoom(name, inside: true);
        _keeper.NoteTitle(name, title);
        RoomSnapshot entered = answer.HasMore
            ? await UsersAsync(name, cancellationToken).ConfigureAwait(false)
            : new RoomSnapshot(name, WireCalls.Strings(answer.Response, "users"), answer.Id ?? 0);
        return entered with { Title = title };
    }

    /// <summary>Leaves a room.</summary>
    /// <exception cref="ChatRefusedException">NotInRoom, HomeRoom (the lobby), SessionEnded.</exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public async Task PartAsync(string room, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(room);
        _keeper.NoteRoom(_keeper.AddressOf(room), inside: false);
        var form = new Dictionary<string, string> { ["room"] = room };
        await PostAsync("chat/part/", form, cancellationToken, done: CometErrors.NotInRoom).ConfigureAwait(false);
    }

    /// <summary>All rooms.</summary>
    /// <exception cref="ChatRefusedException">SessionEnded.</exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public async Task<IReadOnlyList<RoomInfo>> RoomsAsync(CancellationToken cancellationToken = default)
    {
        var rooms = new List<RoomInfo>();
        string path = "chat/rooms/", after = "";
        for (int pages = 1; ; pages++)
        {
            (RoomInfo[] page, bool more) = await LookAsync(path, static answer => (RoomsOf(answer), answer.HasMore), cancellationToken)
                .ConfigureAwait(false);
            rooms.AddRange(page);

            // An empty page is the last one, whatever it says.
            if (!more || page.Length == 0)
                return rooms;
            try
            {
                after = WireCalls.Next(after, page[^1].Name, pages, "chat/rooms/");
            }
            catch (ServerFault fault)
            {
                throw new ChatUnavailableException(fault.Message, mayHaveHappened: false, fault);
            }

            path = $"chat/rooms/?after={Uri.EscapeDataString(after)}";
        }

        static RoomInfo[] RoomsOf(CometAnswer answer) =>
            [.. answer.Response.EnumerateArray().Select(RoomOf)];
    }

    /// <summary>A room with its owner and moderators.</summary>
    /// <exception cref="ChatRefusedException">NoSuchRoom, also for a private room that the client is not in; SessionEnded.</exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public Task<RoomDetails> RoomAsync(string room, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(room);
        return LookAsync(
            $"chat/room/?room={Uri.EscapeDataString(room)}",
            static answer => new RoomDetails(
                RoomOf(answer.Response),
                WireCalls.Text(answer.Response, "owner") is { Length: > 0 } owner ? owner : null,
                WireCalls.Strings(answer.Response, "moderators"),
                WireCalls.Strings(answer.Response, "invited"),
                Enum.TryParse(WireCalls.Text(answer.Response, "role"), ignoreCase: true, out RoomRole role) ? role : RoomRole.Member)
            {
                Links = WireCalls.List(answer.Response, "links", LinkOf),
            },
            cancellationToken,
            JsonValueKind.Object);
    }

    /// <summary>Changes a room. Owners may change everything, moderators <c>IsLocked</c> and <c>Slow</c>.</summary>
    /// <exception cref="ChatRefusedException">
    /// NotOwner, NotModerator, NotInRoom, NoSuchRoom, HomeRoom (the lobby cannot be private), SessionEnded.
    /// </exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public Task ChangeRoomAsync(string room, RoomChange change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        return ActAsync("change", room, change.Fields, cancellationToken);
    }

    /// <summary>
    /// Renames a room. Its address stays, and both names lead to it; <see cref="RoomRenamed"/> tells its members. Only for moderators.
    /// </summary>
    /// <param name="room">The room.</param>
    /// <param name="title">
    /// What to call it: 1 to 32 letters, digits, - or _. Empty, or the room's address, gives it its first name back.
    /// </param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ChatRefusedException">
    /// NotModerator, NotInRoom, BadRoomName, LooksAlike, NameNotFree (another room has the name, or had it first), Muted, SessionEnded.
    /// </exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public Task RenameRoomAsync(string room, string title, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(title);
        return ActAsync("rename", room, new() { ["title"] = title }, cancellationToken);
    }

    /// <summary>Invites a user to a room. Into a private room, an invitation opens the door once. Only for moderators.</summary>
    /// <exception cref="ChatRefusedException">
    /// NotModerator, NotInRoom, NoSuchRoom, NoSuchUser, AlreadyInRoom, TooManyInvitations, SessionEnded.
    /// </exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public Task InviteAsync(string room, string nick, CancellationToken cancellationToken = default) =>
        ActAsync("invite", room, Naming(nick), cancellationToken);

    /// <summary>Takes an invitation back. Only for moderators.</summary>
    /// <exception cref="ChatRefusedException">NotModerator, NotInRoom, NoSuchRoom, NoSuchUser, SessionEnded.</exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public Task UninviteAsync(string room, string nick, CancellationToken cancellationToken = default) =>
        ActAsync("uninvite", room, Naming(nick), cancellationToken, done: CometErrors.NoSuchUser);

    /// <summary>Removes a user from a room, not from the chat. Only for moderators.</summary>
    /// <param name="room">The room.</param>
    /// <param name="nick">The user.</param>
    /// <param name="reason">One line; empty for none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ChatRefusedException">
    /// NotModerator, NotInRoom, NoSuchRoom, NoSuchUser, NotAllowed, BadText, SessionEnded.
    /// </exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public Task RemoveAsync(string room, string nick, string reason = "", CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reason);
        Dictionary<string, string> form = Naming(nick);
        form["reason"] = reason;
        return ActAsync("kick", room, form, cancellationToken, done: CometErrors.NoSuchUser);
    }

    /// <summary>
    /// Makes a member of a room a moderator, its owner, or an ordinary member. Only for the owner, who becomes a moderator when there is a
    /// new one.
    /// </summary>
    /// <exception cref="ChatRefusedException">
    /// NotOwner, NotInRoom, NoSuchRoom, NoSuchUser, NotAllowed, TooManyModerators, SessionEnded.
    /// </exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public Task SetRoleAsync(string room, string nick, RoomRole role, CancellationToken cancellationToken = default)
    {
        Dictionary<string, string> form = Naming(nick);
        form["role"] = role switch
        {
            RoomRole.Member => "member",
            RoomRole.Moderator => "moderator",
            RoomRole.Owner => "owner",
            _ => throw new ArgumentOutOfRangeException(nameof(role)),
        };
        return ActAsync("role", room, form, cancellationToken, done: role == RoomRole.Owner ? CometErrors.NotOwner : null);
    }

    /// <param name="act">The last part of the path.</param>
    /// <param name="room">The room.</param>
    /// <param name="form">The other fields.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <param name="done">As for <see cref="PostAsync"/>.</param>
    private async Task ActAsync(
        string act,
        string room,
        Dictionary<string, string> form,
        CancellationToken cancellationToken,
        string? done = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(room);
        form["room"] = room;
        await PostAsync($"chat/room/{act}/", form, cancellationToken, done).ConfigureAwait(false);
    }

    private static Dictionary<string, string> Naming(string nick)
    {
        ArgumentException.ThrowIfNullOrEmpty(nick);
        return new Dictionary<string, string> { ["nick"] = nick };
    }

    private static RoomInfo RoomOf(JsonElement room) => new(
        WireCalls.Text(room, "name"),
        WireCalls.Text(room, "topic"),
        (int)(WireCalls.Number(room, "members") ?? 0))
    {
        IsPrivate = WireCalls.IsTrue(room, "private"),
        IsLocked = WireCalls.IsTrue(room, "locked"),
        IsArchived = WireCalls.IsTrue(room, "archived"),
        Slow = TimeOf(room, "slow") ?? TimeSpan.Zero,
        Title = WireCalls.Title(room),
    };
}
