using ErlChat.Client;
using ErlChat.Terminal.Output;

namespace ErlChat.Terminal.Chatting;

/// <summary>The connection to the chat as the program sees it: there or left, and the room that is being talked in.</summary>
/// <remarks>Its methods are called by one loop; <see cref="Prompt"/> by anybody.</remarks>
internal sealed class TerminalChat(Uri server, string nick, ChatClientOptions options, ITerminalOutput output, Roster roster) : IAsyncDisposable
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ChatClient? _client;
    private Task _reading = Task.CompletedTask;
    private long _shown;

    /// <summary>What stands before the line being typed.</summary>
    internal string Prompt => SafeText.Of(Client?.Nick ?? nick) + (Room == ChatClient.Lobby ? "" : "@" + SafeText.Of(Room)) + (Client is null ? " (away)> " : "> ");

    /// <summary>With whom one talks in private.</summary>
    internal Partners Partners { get; } = new();

    /// <summary>Null while the chat is left.</summary>
    internal ChatClient? Client => _client;

    /// <summary>Where what is typed is said.</summary>
    internal string Room { get; set; } = ChatClient.Lobby;

    /// <summary>Completes when the server ends a session that was not left by oneself.</summary>
    internal Task EndedByServer => _ended.Task;

    /// <summary>Newest id that was shown.</summary>
    internal long Shown => Volatile.Read(ref _shown);

    /// <summary>Enters the chat and shows what happens there from then on.</summary>
    /// <exception cref="ChatException">It did not work.</exception>
    internal async Task EnterAsync(CancellationToken cancellationToken)
    {
        output.Status($"Connecting to {server} ...");
        ChatClient client = await ChatClient.LoginAsync(server, nick, options, cancellationToken);
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

    /// <summary>Leaves the chat, and keeps the program.</summary>
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
                // The list that was shown at first has these already.
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

    /// <summary>Whether the session ended without our leaving it.</summary>
    private bool End(ChatClient client)
    {
        if (Interlocked.CompareExchange(ref _client, null, client) != client)
            return false;
        Room = ChatClient.Lobby;
        _ended.TrySetResult();
        return true;
    }
}
