using ErlChat.Client;
using ErlChat.Terminal.Output;
using ErlChat.Terminal.Storing;

namespace ErlChat.Terminal.Chatting;

/// <summary>
/// Whom the user ignores: nothing that they write is shown, nor that they come and go. The server keeps the list, for all devices. If the
/// server is too old for that, this program does.
/// </summary>
/// <remarks>Thread-safe, without a lock: of two changes at the same time, the later one counts.</remarks>
/// <param name="output">Where answers go.</param>
/// <param name="time">The clock.</param>
/// <param name="path">The file for a list that this program keeps; null if it is only kept while the program runs.</param>
internal sealed class IgnoreList(ITerminalOutput output, TimeProvider time, string? path)
{
    /// <summary>How many users are on a list that this program keeps. The server sets the limit for its own.</summary>
    private const int Limit = 50;

    private volatile IgnoredUser[] _users = [];
    private volatile bool _isKeptHere;

    /// <summary>Takes over the list of a client that has just logged in.</summary>
    /// <exception cref="ChatException">The server refuses or cannot be reached.</exception>
    internal async Task EnterAsync(ChatClient client, PersonInfo me, CancellationToken cancellationToken)
    {
        (_users, _isKeptHere) = ([.. me.Ignored], false);
        if (path is null || IgnoredFile.Load(path) is not { Count: > 0 } kept || await KeepsAsync(client, cancellationToken))
            return;
        (_users, _isKeptHere) = ([.. kept.Take(Limit)], true);
        await LookAsync(client, user => user.Until is null, client.Export().Cursor, cancellationToken);
    }

    /// <summary>Runs <c>/ignore</c>, <c>/unignore</c> or <c>/ignored</c>.</summary>
    /// <param name="client">The client.</param>
    /// <param name="command">The command.</param>
    /// <param name="nick">What was typed after it.</param>
    /// <param name="partners">
    /// With whom there were private messages: whoever wrote some is meant, and not another user who has taken the nick since.
    /// </param>
    /// <param name="send">Sends the line to the server.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    internal async Task RunAsync(
        ChatClient client, string command, string nick, Partners partners, Func<Task> send, CancellationToken cancellationToken)
    {
        string? partner = command == "/ignore" ? partners.IdOf(nick) : null;
        if (await KeepsAsync(client, cancellationToken))
        {
            // The server may have been upgraded meanwhile.
            _isKeptHere = false;
            if (partner is not null)
                await IgnoreAsync(client, nick, partner, partners, cancellationToken);
            else
                await send();
            _users = [.. (await client.MeAsync(cancellationToken: cancellationToken)).Ignored];
            return;
        }

        _isKeptHere = true;
        if (command == "/ignored")
        {
            Tell(_users.Length == 0 ? "You ignore nobody." : $"You ignore: {string.Join(", ", _users.Select(user => user.Nick))}");
            return;
        }

        if (nick.Length == 0 || nick.Contains(' ', StringComparison.Ordinal))
            throw new NotDoneException("usage", $"Usage: {command} <nick>");
        if (command == "/ignore")
            await IgnoreHereAsync(client, nick, partner, partners, cancellationToken);
        else
            StopIgnoring(nick);
    }

    /// <summary>Learns from an event when the list, or the owner of a nick on it, has changed.</summary>
    internal async Task NoteAsync(ChatClient client, ChatEvent happened)
    {
        // Whoever comes back is the one as before. A new user may have the nick of somebody who is gone.
        bool isNewcomer = happened is UserJoined { IsBack: false } joined && _users.Any(user => Same(user.Nick, joined.Nick));
        bool isAnew = happened is PreferencesChanged || (happened is Resynced && _users.Length > 0);
        if (!isNewcomer && !isAnew)
            return;
        try
        {
            long id = happened is RoomEvent { Id: var at } ? at : client.Export().Cursor;
            if (!_isKeptHere)
                _users = [.. (await client.MeAsync(seen: id + 1)).Ignored];
            else
                await LookAsync(client, user => happened is not UserJoined one || Same(user.Nick, one.Nick), id, CancellationToken.None);
        }
        catch (ChatException)
        {
            // The session has ended, or the server is gone for long. The next login asks again.
        }
    }

    /// <summary>Whether an ignored user has caused an event.</summary>
    internal bool IsTheirs(RoomEvent happened)
    {
        IgnoredUser[] users = _users;
        return users.Length > 0 && happened switch
        {
            Whispered { Own: true } => false,
            Whispered { FromId: { } from } => Array.Exists(users, user => user.UserId == from),
            Whispered whisper => IsOf(whisper.From),
            Said { Own: false } said => IsOf(said.Nick),
            MessageEdited { WithId: { } with } edited => Array.Exists(users, user => user.UserId == with && Same(user.Nick, edited.Nick)),
            MessageRemoved { WithId: { } with } removed =>
                Array.Exists(users, user => user.UserId == with && Same(user.Nick, removed.Nick)),
            MessageEdited edited => IsOf(edited.Nick),
            MessageRemoved removed => IsOf(removed.Nick),
            ReactionsChanged reacted => reacted.Changes.All(change => Array.Exists(users, user => user.UserId == change.UserId)),
            UserJoined joined => IsOf(joined.Nick),
            UserLeft left => IsOf(left.Nick),
            TopicChanged topic => IsOf(topic.Nick),
            _ => false,
        };

        bool IsOf(string nick) => Array.Exists(users, user =>
            Same(user.Nick, nick) && happened.Id >= user.From && (user.Until is null || happened.Id < user.Until));
    }

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the server keeps the list.</summary>
    private static async Task<bool> KeepsAsync(ChatClient client, CancellationToken cancellationToken) =>
        (await client.CommandsAsync(cancellationToken)).Any(command => command.Name == "/ignore");

    private async Task IgnoreAsync(
        ChatClient client, string nick, string partner, Partners partners, CancellationToken cancellationToken)
    {
        try
        {
            await client.IgnoreByIdAsync(partner, cancellationToken);
        }
        catch (ChatRefusedException e) when (e.Why == ChatRefusal.NoSuchUser)
        {
            throw HasLeft(nick, partners);
        }

        Tell($"You ignore {nick} now.");
    }

    /// <summary>The next time, the nick alone counts.</summary>
    private static NotDoneException HasLeft(string nick, Partners partners)
    {
        partners.Forget(nick);
        return new NotDoneException(
            "no_such_user",
            $"The {SafeText.Of(nick)} you talked with has left; nobody is ignored. Use /ignore again for whoever has that nick now.");
    }

    private async Task IgnoreHereAsync(
        ChatClient client, string nick, string? partner, Partners partners, CancellationToken cancellationToken)
    {
        string? id = await client.UserIdOfAsync(nick, cancellationToken);
        if (partner is not null && id != partner)
            throw HasLeft(nick, partners);
        if (id is null)
            throw new NotDoneException("no_such_user", $"There is no user {SafeText.Of(nick)}.");
        if (id == client.UserId)
            throw new NotDoneException("not_allowed", "You cannot ignore yourself.");
        if (_users.All(user => user.UserId != id))
        {
            if (_users.Length >= Limit)
                throw new NotDoneException("too_many_ignored", "You ignore too many users. Type /unignore NICK first.");
            Keep([.. _users, new IgnoredUser(nick, id, client.Export().Cursor, null)]);
        }

        Tell($"You ignore {nick} now.");
    }

    private void StopIgnoring(string nick)
    {
        IgnoredUser[] others = [.. _users.Where(user => !Same(user.Nick, nick))];
        if (others.Length == _users.Length)
            throw new NotDoneException("no_such_user", $"You do not ignore {SafeText.Of(nick)}.");
        Keep(others);
        Tell($"You no longer ignore {nick}.");
    }

    /// <summary>Finds out whose nicks are other users' now, from the event with this id on.</summary>
    private async Task LookAsync(ChatClient client, Func<IgnoredUser, bool> which, long id, CancellationToken cancellationToken)
    {
        IgnoredUser[] users = [.. _users];
        for (int i = 0; i < users.Length; i++)
        {
            if (which(users[i]) && users[i].Until is null
                && await client.UserIdOfAsync(users[i].Nick, cancellationToken) is { } owner && owner != users[i].UserId)
            {
                users[i] = users[i] with { Until = id };
            }
        }

        if (!users.AsSpan().SequenceEqual(_users))
            Keep(users);
    }

    private void Keep(IgnoredUser[] users)
    {
        _users = users;
        try
        {
            if (path is not null)
                IgnoredFile.Save(path, users);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            output.Problem("not_stored", $"{path} cannot be written: {e.Message}");
        }
    }

    /// <summary>Answers as the server would.</summary>
    private void Tell(string text) => output.Show(new Notice(0, time.GetUtcNow(), text));
}
