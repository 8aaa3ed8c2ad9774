using ErlChat.Client;
using ErlChat.Terminal.Output;

namespace ErlChat.Terminal.Chatting;

/// <summary>The program's connection to the chat, and the room that the user is talking in.</summary>
/// <remarks>One loop calls its methods; <see cref="Prompt"/> is thread-safe.</remarks>
internal sealed class TerminalChat(
    Uri[] servers,
    string nick,
    ChatClientOptions options,
    ITerminalOutput output,
    Roster roster) : IAsyncDisposable
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ChatClient? _client;
    private Task _reading = Task.CompletedTask;
    private long _shown;

    /// <summary>The text before the line being typed.</summary>
    internal string Prompt => SafeText.Of(Client?.Nick ?? nick)
        + (Room == ChatClient.Lobby ? "" : "@" + SafeText.Of(Room))
        + (Client is null ? " (away)> " : "> ");

    /// <summary>The users with whom private messages were exchanged.</summary>
    internal Partners Partners { get; } = new();

    /// <summary>The client; null after leaving the chat.</summary>
    internal ChatClient? Client => _client;

    /// <summary>The room that typed messages go to.</summary>
    internal string Room { get; set; } = ChatClient.Lobby;

    /// <summary>Completes when a session ends that this program did not leave.</summary>
    internal Task EndedByServer => _ended.Task;

    /// <summary>The newest id that was shown.</summary>
    internal long Shown => Volatile.Read(ref _shown);

    /// <summary>Enters the chat and shows its events from then on.</summary>
    /// <exception cref="ChatException">The login failed.</exception>
    internal async Task EnterAsync(CancellationToken cancellationToken)
    {
        output.Status($"Connecting to {string.Join(", ", servers.AsEnumerable())} ...");
        ChatClient client = await ChatClient.LoginAsync(servers, nick, options, cancellationToken);
        RoomSnapshot users;
        try
        {
            users = await client.UsersAsync(cancellationToken: cancellationToken);
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }

        roster.Set(ChatClient.Lobby, users.Users);
        _client = client;
        Room = ChatClient.Lobby;
        output.Status("Connected");
        output.Status("* Joined the chatroom *");
        output.Users(users);
        output.Status("* Type /help for options *");
        _reading = ShowAsync(client, users.AsOf);
    }

    /// <summary>Leaves the chat without ending the program.</summary>
    internal async Task LeaveAsync()
    {
        if (_client is not { } client)
            return;
        _client = null;
        Room = ChatClient.Lobby;
        await client.DisposeAsync();
        await _reading;
        roster.Clear();
    }

    public async ValueTask DisposeAsync() => await LeaveAsync();

    private async Task ShowAsync(ChatClient client, long listed)
    {
        try
        {
            await foreach (ChatEvent happened in client.ReadAsync())
            {
                // The first list already includes these.
                if (happened is UserJoined { Room: ChatClient.Lobby } or UserLeft && happened is RoomEvent { Id: var id } && id <= listed)
                    continue;
                roster.Apply(happened);
                if (happened is Whispered whispered)
                    Partners.Note(whispered);
                foreach (Whispered missed in happened is Resynced resynced ? resynced.Missed.OfType<Whispered>() : [])
                    Partners.Note(missed);
                if (happened is Resynced { NewSession: true })
                    listed = 0;
                Show(client, happened);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            output.Problem("unavailable", e.Message);
            End(client);
        }
        finally
        {
            await client.DisposeAsync();
        }
    }

    private void Show(ChatClient client, ChatEvent happened)
    {
        if (happened is not SessionEnded)
            output.Show(happened);
        else if (End(client))
            output.Show(happened);
        if (happened is RoomEvent { Id: var id })
            Volatile.Write(ref _shown, id);
    }

    /// <summary>Records the end of a session. Returns false if this program had left it.</summary>
    private bool End(ChatClient client)
    {
        if (Interlocked.CompareExchange(ref _client, null, client) != client)
            return false;
        Room = ChatClient.Lobby;
        _ended.TrySetResult();
        return true;
    }
}
