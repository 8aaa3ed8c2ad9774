using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Rooms;
using ErlChat.Sessions;

namespace ErlChat.Commands;

/// <summary>Who typed a command, and where.</summary>
/// <param name="room">Carries the command out.</param>
/// <param name="sender">Who typed it.</param>
/// <param name="typedIn">The name of the room that the client said it was typed in; null when the client does not know of rooms.</param>
/// <param name="key">The client's idempotency key; null for none.</param>
internal sealed class CommandContext(ChatRoom room, SessionView sender, string? typedIn, string? key)
{
    private string? _key = key;

    internal ChatRoom Room { get; } = room;

    internal SessionView Sender { get; } = sender;

    internal SessionKey Session => Sender.Key;

    /// <summary>The room that the command was typed in.</summary>
    internal string CurrentRoom => typedIn ?? RoomName.Lobby;

    /// <summary>
    /// Whether the client knows of rooms: it named one. One that does not is not told who comes and goes in rooms other than the lobby.
    /// </summary>
    internal bool KnowsRooms => typedIn is not null;

    /// <summary>The idempotency key, for the first entry that the command appends, and only for that.</summary>
    internal string? TakeKey()
    {
        string? taken = _key;
        _key = null;
        return taken;
    }

    /// <summary>Answers whoever typed the command.</summary>
    internal Task<Outcome> TellAsync(string text, string? html = null) => Room.TellAsync(Session, text, html, TakeKey());

    /// <summary>The outcome, after saying why a command was refused.</summary>
    internal async Task<Outcome> ExplainAsync(Task<Outcome> command, Func<Refused, string?> explanation)
    {
        Outcome outcome = await command;
        if (outcome is Refused refused && explanation(refused) is { } text)
            await Room.TellAsync(Session, text);
        return outcome;
    }
}
