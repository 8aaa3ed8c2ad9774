using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Rooms;
using ErlChat.Sessions;

namespace ErlChat.Commands;

/// <summary>Who typed a command, and where.</summary>
/// <param name="room">Executes the command.</param>
/// <param name="sender">The user who typed it.</param>
/// <param name="typedIn">The room in which it was typed, as named by the client; null if the client does not support rooms.</param>
/// <param name="key">The client's idempotency key; null for none.</param>
internal sealed class CommandContext(ChatRoom room, SessionView sender, string? typedIn, string? key)
{
    private string? _key = key;

    internal ChatRoom Room { get; } = room;

    internal SessionView Sender { get; } = sender;

    internal SessionKey Session => Sender.Key;

    /// <summary>The room in which the command was typed.</summary>
    internal string CurrentRoom => typedIn ?? RoomName.Lobby;

    /// <summary>
    /// What people call that room, for texts. Commands take <see cref="CurrentRoom"/>: clients name the address, which never changes.
    /// </summary>
    internal string ShownRoom => Room.FindRoom(Session, CurrentRoom)?.Title ?? CurrentRoom;

    /// <summary>
    /// Whether the client supports rooms, which it shows by naming one. A client that does not is not told about joins and leaves outside
    /// the lobby.
    /// </summary>
    internal bool KnowsRooms => typedIn is not null;

    /// <summary>Returns the idempotency key the first time, for the first entry that the command appends, and null after that.</summary>
    internal string? TakeKey()
    {
        string? taken = _key;
        _key = null;
        return taken;
    }

    /// <summary>Sends an answer to the user who typed the command.</summary>
    internal Task<Outcome> TellAsync(string text, string? html = null) => Room.TellAsync(Session, text, html, TakeKey());

    /// <summary>Awaits a command and, if it was refused, tells the user why. Returns the outcome.</summary>
    internal async Task<Outcome> ExplainAsync(Task<Outcome> command, Func<Refused, string?> explanation)
    {
        Outcome outcome = await command;
        if (outcome is Refused refused && explanation(refused) is { } text)
            await Room.TellAsync(Session, text);
        return outcome;
    }

    /// <summary>Awaits a command, and tells the user what was done, or why it was refused. Returns the last outcome.</summary>
    internal async Task<Outcome> AnswerAsync(Task<Outcome> command, Func<Refused, string?> explanation, string done)
    {
        Outcome outcome = await ExplainAsync(command, explanation);
        return outcome is Accepted ? await TellAsync(done) : outcome;
    }
}
