using ErlChat.Client;
using ErlChat.Terminal.Output;

namespace ErlChat.Terminal.Chatting;

/// <summary>What a line asks for.</summary>
internal enum LineResult
{
    Done,

    /// <summary>To leave the chat and end the program.</summary>
    Quit,

    /// <summary>To end the program without leaving the chat.</summary>
    Detach,
}

/// <summary>The commands that users can type. All other commands are sent to the server as text.</summary>
/// <param name="chat">The connection.</param>
/// <param name="outbox">What waits for the server.</param>
/// <param name="output">Where answers go.</param>
/// <param name="hasPrompt">
/// Whether the user sees the current room in the prompt. Then a line goes there, even if a <c>/join</c> before it is still under way. A
/// script's line goes to the room that the lines before it have entered.
/// </param>
/// <param name="server">The server's commands; null for none.</param>
internal sealed class ChatCommands(
    TerminalChat chat,
    Outbox outbox,
    ITerminalOutput output,
    bool hasPrompt,
    ServerCommands? server = null)
{
    private static readonly string[] s_help =
    [
        "Available commands:",
        "  /leave [room]",
        "  /join [room] [private], /join <link>",
        "  /rooms",
        "  /users",
        "  /pm <to nick> <message>",
        "  /edit <new text> (corrects your last message)",
        "  /reply [id] <message> (answers the last message of others here, or the one with the id)",
        "  /pin <id>, /unpin <id> (pins a message to the room, for moderators), /pins (lists them)",
        "  /delete [id] (deletes your last message, or the one with the id)",
        "  /react [id] <emoji>, /unreact [id] <emoji> (the newest message of the room, or the one with the id)",
        "  /auth (asks for the administrators' password)",
        "  /register [invitation] (keeps your nick; asks for a password)",
        "  /password (changes your password)",
        "  /ignore <nick>, /unignore <nick>, /ignored",
        "  /devices [end ID|end others] (where you are logged in)",
        "  /detach (ends the program; you stay logged in)",
        "  /quit",
    ];

    private readonly MemberCommands _member = new(chat.Login, output);
    private readonly MessageCommands _messages = new(chat.OwnMessages, chat.HeardMessages);

    /// <summary>The program's own commands, for completion.</summary>
    internal static string[] Names { get; } =
    [
        "/help", "/join", "/leave", "/users", "/rooms", "/pm", "/edit", "/reply", "/react", "/unreact", "/pin", "/unpin", "/pins",
        "/delete", "/auth", "/register", "/password", "/devices", "/ignore", "/unignore", "/ignored", "/detach", "/quit",
    ];

    /// <summary>The id of the newest message from here, or change of one, that the server has accepted.</summary>
    internal long SaidId { get; private set; }

    /// <summary>Runs a line.</summary>
    internal async Task<LineResult> RunAsync(TypedLine line, CancellationToken cancellationToken)
    {
        string[] words = line.Text.Split(' ', 2, StringSplitOptions.TrimEntries);
        string rest = words.Length > 1 ? words[1] : "";
        switch (words[0])
        {
            case "" when rest.Length == 0:
                return LineResult.Done;
            case "/quit":
                return LineResult.Quit;
            case "/detach" when chat.IsStored:
                return LineResult.Detach;
            case "/help":
                foreach (string help in s_help.Concat(server?.Help ?? []))
                    output.Status(help);
                output.Status("  or just type a message to send it; other /commands go to the server");
                return LineResult.Done;
            default:
                string? prompted = hasPrompt ? chat.Room : null;
                await outbox.PostAsync(token => CommandOf(words[0], rest, line, prompted ?? chat.Room, token), cancellationToken);
                return LineResult.Done;
        }
    }

    /// <summary>Tells a member's other devices what has been shown here. Does nothing for guests.</summary>
    internal async ValueTask MarkReadAsync(CancellationToken cancellationToken)
    {
        if (chat.Client is not { IsMember: true } client)
            return;
        foreach (ReadMark mark in chat.Marks.Take())
            await outbox.PostAsync(token => MarkAsync(client, mark, token), cancellationToken);
    }

    private static async Task MarkAsync(ChatClient client, ReadMark mark, CancellationToken cancellationToken)
    {
        try
        {
            await (mark.Room is { } room
                ? client.MarkReadAsync(room, mark.UpTo, cancellationToken)
                : client.MarkPrivateReadAsync(mark.WithId!, mark.UpTo, cancellationToken));
        }
        catch (Exception e) when (e is ChatException or OperationCanceledException)
        {
            // The room was left, the other user is gone for good, or the program ends. The user did not ask for a mark.
        }
    }

    private Task CommandOf(string command, string rest, TypedLine line, string room, CancellationToken cancellationToken) =>
        (command, chat.Client) switch
        {
            ("/detach", _) => throw new NotDoneException("not_stored", "The session is not stored, so the program cannot come back to it."),
            ("/join", null) => RejoinAsync(rest, cancellationToken),
            (_, null) => throw new NotDoneException("not_in_chat", "You are not in the chat. /join returns to it."),
            ("/join", var client) => JoinAsync(client, rest, cancellationToken),
            ("/leave", var client) => LeaveAsync(client, rest, cancellationToken),
            ("/users", var client) => UsersAsync(client, room, cancellationToken),
            ("/rooms", var client) => RoomsAsync(client, cancellationToken),
            ("/pm", var client) => WhisperAsync(client, rest, cancellationToken),
            ("/edit", var client) => ChangeAsync(_messages.EditAsync(client, rest, cancellationToken)),
            ("/reply", var client) => ReplyAsync(client, rest, room, cancellationToken),
            ("/pin" or "/unpin", var client) => ChangeAsync(MessageCommands.PinAsync(client, command, rest, cancellationToken)),
            ("/pins", var client) => PinsAsync(client, room, cancellationToken),
            ("/delete", var client) => ChangeAsync(_messages.DeleteAsync(client, rest, cancellationToken)),
            ("/react" or "/unreact", var client) => ChangeAsync(
                MessageCommands.ReactAsync(client, rest, command == "/react", chat.Newest.Of(room), cancellationToken)),
            ("/auth", var client) => client.AuthenticateAsync(rest, cancellationToken),
            ("/register", var client) => _member.RegisterAsync(client, rest, line.Secrets, cancellationToken),
            ("/password", var client) => _member.ChangePasswordAsync(client, rest, line.Secrets, cancellationToken),
            ("/devices", var client) => _member.DevicesAsync(client, rest, cancellationToken),
            ("/ignore" or "/unignore" or "/ignored", var client) =>
                chat.Ignores.RunAsync(
                    client, command, rest, chat.Partners, () => SayAsync(client, line.Text, room, cancellationToken), cancellationToken),
            (_, var client) => SayAsync(client, line.Text, room, cancellationToken),
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
        RoomSnapshot entered = room.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var name, "private"]
            ? await client.JoinPrivateAsync(name, cancellationToken)
            : await (room.Contains("#join=", StringComparison.Ordinal)
                ? client.EnterByLinkAsync(room, cancellationToken)
                : client.JoinAsync(room, cancellationToken));
        bool known = string.Equals(entered.Room, ChatClient.Lobby, StringComparison.OrdinalIgnoreCase);
        chat.Room = known ? ChatClient.Lobby : entered.Room;
        if (entered.Title is not null)
            chat.Titles.Set(entered.Room, entered.Title);
        output.Status($"* Talking in {SafeText.Of(chat.Titles.Of(chat.Room))} *");
    }

    private async Task LeaveAsync(ChatClient client, string room, CancellationToken cancellationToken)
    {
        if (room.Length > 0)
        {
            await client.PartAsync(room, cancellationToken);
            if (new[] { chat.Room, chat.Titles.Of(chat.Room) }.Contains(room, StringComparer.OrdinalIgnoreCase))
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
            Note(await client.WhisperAsync(to, text, cancellationToken));
            return;
        }

        try
        {
            Note(await client.WhisperAsync(to, id, text, cancellationToken));
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

    private async Task SayAsync(ChatClient client, string text, string room, CancellationToken cancellationToken)
    {
        long? said = await client.SayAsync(text, room, cancellationToken);
        if (said is { } id)
            chat.Newest.Note(room, id);
        Note(said);
    }

    private async Task PinsAsync(ChatClient client, string room, CancellationToken cancellationToken) =>
        output.Pins(await client.PinsAsync(room, cancellationToken));

    private async Task ReplyAsync(ChatClient client, string rest, string room, CancellationToken cancellationToken) =>
        Note(await _messages.ReplyAsync(client, rest, room, cancellationToken));

    private async Task ChangeAsync(Task<long?> change) => SaidId = await change ?? SaidId;

    private void Note(long? said)
    {
        if (said is not { } id)
            return;
        SaidId = id;
        chat.OwnMessages.Note(id);
    }
}
