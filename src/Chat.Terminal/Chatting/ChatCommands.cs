using ErlChat.Client;
using ErlChat.Terminal.Output;

namespace ErlChat.Terminal.Chatting;

/// <summary>The commands that users can type. All other commands are sent to the server as text.</summary>
internal sealed class ChatCommands(TerminalChat chat, Outbox outbox, ITerminalOutput output)
{
    private static readonly string[] s_help =
    [
        "Available commands:",
        "  /leave [room]",
        "  /join [room]",
        "  /rooms",
        "  /users",
        "  /pm <to nick> <message>",
        "  /auth (asks for the administrators' password)",
        "  /quit",
        "  or just type a message to send it; other /commands go to the server",
    ];

    /// <summary>The commands for completion, including some of the server's.</summary>
    internal static string[] Names { get; } = ["/help", "/join", "/leave", "/users", "/rooms", "/pm", "/auth", "/quit", "/me", "/topic"];

    /// <summary>The id of the newest message from here that the server has accepted.</summary>
    internal long SaidId { get; private set; }

    /// <summary>Runs a line. Returns false if it asks to quit.</summary>
    internal async Task<bool> RunAsync(string line, CancellationToken cancellationToken)
    {
        string[] words = line.Split(' ', 2, StringSplitOptions.TrimEntries);
        string rest = words.Length > 1 ? words[1] : "";
        switch (words[0])
        {
            case "" when rest.Length == 0:
                return true;
            case "/quit":
                return false;
            case "/help":
                foreach (string help in s_help)
                    output.Status(help);
                return true;
            default:
                string room = chat.Room;
                await outbox.PostAsync(token => CommandOf(words[0], rest, line, room, token), cancellationToken);
                return true;
        }
    }

    private Task CommandOf(string command, string rest, string line, string room, CancellationToken cancellationToken) =>
        (command, chat.Client) switch
        {
            ("/join", null) => RejoinAsync(rest, cancellationToken),
            (_, null) => throw new NotDoneException("not_in_chat", "You are not in the chat. /join returns to it."),
            ("/join", var client) => JoinAsync(client, rest, cancellationToken),
            ("/leave", var client) => LeaveAsync(client, rest, cancellationToken),
            ("/users", var client) => UsersAsync(client, room, cancellationToken),
            ("/rooms", var client) => RoomsAsync(client, cancellationToken),
            ("/pm", var client) => WhisperAsync(client, rest, cancellationToken),
            ("/auth", var client) => client.AuthenticateAsync(rest, cancellationToken),
            (_, var client) => SayAsync(client, line, room, cancellationToken),
        };

    private async Task RejoinAsync(string room, CancellationToken cancellationToken)
    {
        await chat.EnterAsync(cancellationToken);
        if (room.Length > 0 && chat.Client is { } client)
            await JoinAsync(client, room, cancellationToken);
    }

    private async Task JoinAsync(ChatClient client, string room, CancellationToken cancellationToken)
    {
        if (room.Length == 0)
        {
            output.Status("* You are in the chat already. /join ROOM enters a room *");
            return;
        }

        // Entering shows who is in the room. If the client is already in it, this only switches to it.
        RoomSnapshot entered = await client.JoinAsync(room, cancellationToken);
        bool known = string.Equals(entered.Room, ChatClient.Lobby, StringComparison.OrdinalIgnoreCase);
        chat.Room = known ? ChatClient.Lobby : entered.Room;
        output.Status($"* Talking in {SafeText.Of(chat.Room)} *");
    }

    private async Task LeaveAsync(ChatClient client, string room, CancellationToken cancellationToken)
    {
        if (room.Length > 0)
        {
            await client.PartAsync(room, cancellationToken);
            if (string.Equals(room, chat.Room, StringComparison.OrdinalIgnoreCase))
                chat.Room = ChatClient.Lobby;
            return;
        }

        await chat.LeaveAsync();
        output.Status("You have exited the chatroom, you can rejoin with /join or quit with /quit");
    }

    private async Task UsersAsync(ChatClient client, string room, CancellationToken cancellationToken) =>
        output.Users(await client.UsersAsync(room, cancellationToken));

    private async Task RoomsAsync(ChatClient client, CancellationToken cancellationToken) =>
        output.Rooms(await client.RoomsAsync(cancellationToken));

    private async Task WhisperAsync(ChatClient client, string rest, CancellationToken cancellationToken)
    {
        if (rest.Split(' ', 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is not [var to, var text])
        {
            throw new NotDoneException("usage", "Usage: /pm <to nick> <message>");
        }

        if (chat.Partners.IdOf(to) is not { } id)
        {
            SaidId = await client.WhisperAsync(to, text, cancellationToken) ?? SaidId;
            return;
        }

        try
        {
            SaidId = await client.WhisperAsync(to, id, text, cancellationToken) ?? SaidId;
        }
        catch (ChatRefusedException e) when (e.Why == ChatRefusal.NoSuchUser)
        {
            chat.Partners.Forget(to);
            throw new NotDoneException(
                "no_such_user",
                $"The {SafeText.Of(to)} you talked with has left; nothing was sent. "
                + "That nick now belongs to someone else. Use /pm again to write to them.");
        }
    }

    private async Task SayAsync(ChatClient client, string text, string room, CancellationToken cancellationToken) =>
        SaidId = await client.SayAsync(text, room, cancellationToken) ?? SaidId;
}
