using System.Globalization;
using ErlChat.Client;

namespace ErlChat.Terminal.Chatting;

/// <summary>The commands that change messages, or answer them. The events that follow are shown to everyone, this user included.</summary>
internal sealed class MessageCommands(OwnMessages own, HeardMessages heard)
{
    /// <summary>Gives the user's last message another text. Returns the id of the event that follows; null for none.</summary>
    internal async Task<long?> EditAsync(ChatClient client, string text, CancellationToken cancellationToken)
    {
        if (text.Length == 0)
            throw new NotDoneException("usage", "Usage: /edit <new text>; it corrects your last message.");
        return await client.EditAsync(Last(), text, cancellationToken);
    }

    /// <summary>Deletes the user's last message, or the one with an id. Returns the id of the event that follows; null for none.</summary>
    internal async Task<long?> DeleteAsync(ChatClient client, string rest, CancellationToken cancellationToken)
    {
        long id = 0;
        if (rest.Length > 0 && (!long.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out id) || id == 0))
            throw new NotDoneException("usage", "Usage: /delete, or /delete <id of a message>");
        if (id == 0)
            id = Last();
        long? change = await client.DeleteAsync(id, cancellationToken);
        own.Forget(id);
        return change;
    }

    /// <summary>Answers the newest message of others in a room, or the one with an id. Returns the answer's id; null for none.</summary>
    internal async Task<long?> ReplyAsync(ChatClient client, string rest, string room, CancellationToken cancellationToken)
    {
        string text = rest;
        long? id = null;
        if (rest.Split(' ', 2, StringSplitOptions.TrimEntries) is [var first, { Length: > 0 } after]
            && long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out long named) && named > 0)
        {
            (id, text) = (named, after);
        }

        if (text.Length == 0)
            throw new NotDoneException("usage", "Usage: /reply <message>, or /reply <id of a message> <message>");
        id ??= heard.LastIn(room) ?? throw new NotDoneException("no_such_message", "Nobody else has written a message here.");
        return await client.ReplyAsync(id.Value, text, room, cancellationToken);
    }

    /// <summary>Pins a message, or takes the pin away. Returns the id of the event that follows; null for none.</summary>
    internal static Task<long?> PinAsync(ChatClient client, string command, string rest, CancellationToken cancellationToken) =>
        long.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out long id) && id > 0
            ? client.PinAsync(id, on: command == "/pin", cancellationToken)
            : throw new NotDoneException("usage", $"Usage: {command} <id of a message>");

    /// <summary>
    /// Reacts to the newest message of a room, or to the one with an id, or takes that back. Returns the id of the event that follows; null
    /// for none.
    /// </summary>
    /// <param name="client">The client.</param>
    /// <param name="rest">An emoji, or an id and an emoji.</param>
    /// <param name="on">Whether to add the reaction.</param>
    /// <param name="newest">The newest message of the room; null if none was shown.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    internal static async Task<long?> ReactAsync(
        ChatClient client, string rest, bool on, long? newest, CancellationToken cancellationToken)
    {
        string[] words = rest.Split(' ', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string command = on ? "/react" : "/unreact";
        (long? id, string emoji) = words switch
        {
            [var one] => (newest, one),
            [var first, var second] when long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out long named)
                && named > 0 => (named, second),
            _ => throw new NotDoneException("usage", $"Usage: {command} <emoji>, or {command} <id of a message> <emoji>"),
        };
        return await client.ReactAsync(
            id ?? throw new NotDoneException("no_such_message", "No message was shown here yet."), emoji, on, cancellationToken);
    }

    private long Last() => own.Last
        ?? throw new NotDoneException("no_such_message", "You have written no message here that could be changed.");
}
