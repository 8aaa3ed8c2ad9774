using ErlChat.Client;
using ErlChat.Terminal.Output;
using ErlChat.Terminal.Storing;

namespace ErlChat.Terminal.Chatting;

/// <summary>The program's connection to the chat, and the room that the user is talking in.</summary>
/// <remarks>One loop calls its methods; <see cref="Prompt"/> is thread-safe.</remarks>
/// <param name="login">Who the user is.</param>
/// <param name="options">The client's options.</param>
/// <param name="output">Where events go.</param>
/// <param name="roster">Is told who is in which room.</param>
/// <param name="titles">Is told what people call the rooms.</param>
/// <param name="store">Where the session is stored; null for nowhere.</param>
internal sealed class TerminalChat(
    LoginSettings login,
    ChatClientOptions options,
    ITerminalOutput output,
    Roster roster,
    RoomTitles titles,
    SessionStore? store = null) : IAsyncDisposable
{
    /// <summary>How long leaving may take.</summary>
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(2);

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ChatClient? _client;
    private Task _reading = Task.CompletedTask;
    private long _shown;

    /// <summary>The text before the line being typed.</summary>
    internal string Prompt => SafeText.Of(Client?.Nick ?? login.Nick)
        + (Room == ChatClient.Lobby ? "" : "@" + SafeText.Of(titles.Of(Room)))
        + (Client is null ? " (away)> " : "> ");

    /// <summary>Who the user is.</summary>
    internal LoginSettings Login => login;

    /// <summary>Whether the session is stored, so that the program can end without leaving the chat.</summary>
    internal bool IsStored => store is not null;

    /// <summary>The users with whom private messages were exchanged.</summary>
    internal Partners Partners { get; } = new();

    /// <summary>What the user has written.</summary>
    internal OwnMessages OwnMessages { get; } = new();

    /// <summary>What others have written, in each room.</summary>
    internal HeardMessages HeardMessages { get; } = new();

    /// <summary>The newest message of each room.</summary>
    internal NewestMessages Newest { get; } = new();

    /// <summary>What a member has been shown.</summary>
    internal ShownMarks Marks { get; } = new(options.Time);

    /// <summary>Whom the user ignores.</summary>
    internal IgnoreList Ignores { get; } = new(output, options.Time, store?.IgnoredPath);

    /// <summary>The client; null after leaving the chat.</summary>
    internal ChatClient? Client => _client;

    /// <summary>What people call the rooms.</summary>
    internal RoomTitles Titles => titles;

    /// <summary>The room that typed messages go to.</summary>
    internal string Room { get; set; } = ChatClient.Lobby;

    /// <summary>Completes when a session ends that this program did not leave.</summary>
    internal Task EndedByServer => _ended.Task;

    /// <summary>The newest id that was shown.</summary>
    internal long Shown => Volatile.Read(ref _shown);

    /// <summary>Enters the chat and shows its events from then on.</summary>
    /// <exception cref="ChatException">The login failed.</exception>
    /// <exception cref="FormatException">The stored session is another user's.</exception>
    internal async Task EnterAsync(CancellationToken cancellationToken)
    {
        output.Status($"Connecting to {string.Join(", ", login.Servers.AsEnumerable())} ...");
        (ChatClient client, StoredSession? resumed) = await BeginAsync(cancellationToken);
        RoomSnapshot users;
        IReadOnlyList<Whispered> away;
        try
        {
            if (resumed is not null && !await IsOwnAsync(client, cancellationToken))
                throw store!.NotYours(resumed);
            users = await client.UsersAsync(cancellationToken: cancellationToken);
            PersonInfo me = await client.MeAsync(cancellationToken: cancellationToken);
            await Ignores.EnterAsync(client, me, cancellationToken);
            titles.Begin(me.Titles);
            away = resumed is not null || me.IsMember
                ? await AwayMessages.ReadAsync(client, me, resumed?.Cursor ?? 0, cancellationToken)
                : [];
            away = [.. away.Where(message => !Ignores.IsTheirs(message))];
        }
        catch
        {
            await AbandonAsync(client, resumed);
            throw;
        }

        roster.Set(ChatClient.Lobby, users.Users);
        OwnMessages.Clear();
        HeardMessages.Clear();
        Newest.Clear();
        _client = client;
        Room = ChatClient.Lobby;
        output.Status("Connected");
        output.Status(resumed is null ? "* Joined the chatroom *" : "* Back in the chatroom *");

        // What was missed comes with the lists of all rooms.
        if (resumed is null)
            output.Users(users);
        output.Status("* Type /help for options *");
        if (away.Count > 0)
            output.Missed(away);
        foreach (Whispered message in away)
            Note(message);
        Save(client);
        _reading = ShowAsync(client, resumed is null ? users.AsOf : 0, [.. away.Select(message => message.Id)]);
    }

    /// <summary>Leaves the chat without ending the program.</summary>
    internal async Task LeaveAsync()
    {
        if (_client is not { } client)
            return;
        _client = null;
        Room = ChatClient.Lobby;
        if (store is not null)
            await LeaveStoredAsync(client, store);
        await client.DisposeAsync();
        await _reading;
        roster.Clear();
    }

    /// <summary>Ends the connection without leaving the chat. The next run of the program comes back with the stored session.</summary>
    internal async Task DetachAsync()
    {
        if (_client is not { } client || store is null)
            return;
        _client = null;
        try
        {
            store.Save(await client.DetachAsync());
        }
        catch (ChatRefusedException)
        {
            // The session has ended meanwhile.
            store.Forget();
            await client.DisposeAsync();
        }

        await _reading;
    }

    public async ValueTask DisposeAsync() => await LeaveAsync();

    /// <summary>Comes back with the stored session, or logs in.</summary>
    private async Task<(ChatClient Client, StoredSession? Resumed)> BeginAsync(CancellationToken cancellationToken)
    {
        if (store?.Stored is { } stored)
        {
            try
            {
                return (await ChatClient.ResumeAsync(stored, login.Password, options, cancellationToken), stored);
            }
            catch (ChatRefusedException e) when (e.Why == ChatRefusal.SessionEnded)
            {
                if (e.Explanation is { } told)
                    output.Problem(e.Word, told);
                output.Status($"The stored session is over ({SafeText.Of(e.Word)}), logging in again ...");
                store.Forget();
            }
        }

        var who = new ChatLogin(login.Nick) { Password = login.Password, Keep = store is not null };
        return (await ChatClient.LoginAsync(login.Servers, who, options, cancellationToken), null);
    }

    /// <summary>Whether the nick as given is that of the client's user. If it is spelled differently, only the server knows.</summary>
    private async Task<bool> IsOwnAsync(ChatClient client, CancellationToken cancellationToken)
    {
        string nick = login.Nick.Trim();
        return string.Equals(nick, client.Nick, StringComparison.OrdinalIgnoreCase)
            || (nick.Length > 0 && await client.UserIdOfAsync(nick, cancellationToken) == client.UserId);
    }

    /// <summary>Gives a client up that was not used. A stored session stays, because the next try may succeed.</summary>
    private static async Task AbandonAsync(ChatClient client, StoredSession? resumed)
    {
        try
        {
            if (resumed is not null)
                await client.DetachAsync();
        }
        catch (ChatRefusedException)
        {
            // It has ended.
        }

        await client.DisposeAsync();
    }

    /// <summary>Leaves, and forgets the session if the server has answered. Otherwise the next run can still come back.</summary>
    private async Task LeaveStoredAsync(ChatClient client, SessionStore kept)
    {
        using var limit = new CancellationTokenSource(s_farewell, options.Time);
        try
        {
            await client.LeaveAsync(limit.Token);
            kept.Forget();
        }
        catch (Exception e) when (e is ChatException or OperationCanceledException)
        {
            output.Status("The server does not answer, so you are still logged in. Start the program again to log out.");
        }
    }

    private async Task ShowAsync(ChatClient client, long listed, HashSet<long> told)
    {
        try
        {
            await foreach (ChatEvent happened in client.ReadAsync())
            {
                // The first list already includes these.
                if (happened is UserJoined { Room: ChatClient.Lobby } or UserLeft && happened is RoomEvent { Id: var id } && id <= listed)
                    continue;
                await Ignores.NoteAsync(client, happened);
                roster.Apply(happened);
                titles.Apply(happened);
                if (Without(happened, IsHidden) is not { } news)
                    continue;
                foreach (RoomEvent one in news switch { Resynced anew => anew.Missed, RoomEvent single => [single], _ => [] })
                    Note(one);
                if (news is Resynced { NewSession: true })
                    listed = 0;
                Show(client, news);
                Save(client);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            output.Problem("unavailable", e.Message);
            End(client, isOver: false);
        }
        finally
        {
            await client.DisposeAsync();
        }

        // Ignored, or shown at the login.
        bool IsHidden(RoomEvent one) => Ignores.IsTheirs(one) || (one is Whispered && told.Contains(one.Id));
    }

    /// <summary>What is left of an event; null for nothing.</summary>
    private static ChatEvent? Without(ChatEvent happened, Func<RoomEvent, bool> isHidden) => happened switch
    {
        Resynced anew => anew with { Missed = [.. anew.Missed.Where(missed => !isHidden(missed))] },
        RoomEvent single when isHidden(single) => null,
        _ => happened,
    };

    private void Note(RoomEvent happened)
    {
        if (happened is Whispered whispered)
            Partners.Note(whispered);
        OwnMessages.Note(happened);
        HeardMessages.Note(happened);
        Newest.Note(happened);
        if (happened is ReadElsewhere read)
            Marks.Note(read);
        else
            Marks.Note(happened);
    }

    /// <summary>Stores the session with every event, so that the program may be killed at any time.</summary>
    private void Save(ChatClient client)
    {
        if (store is null || _client != client)
            return;
        try
        {
            store.Save(client.Export(), () => _client == client);
        }
        catch (ChatRefusedException)
        {
            // The session has just ended. The last event says so.
        }
    }

    private void Show(ChatClient client, ChatEvent happened)
    {
        if (happened is not SessionEnded)
            output.Show(happened);
        else if (End(client, isOver: happened is not SessionEnded { Reason: "superseded" }))
            output.Show(happened);
        if (happened is RoomEvent { Id: var id })
            Volatile.Write(ref _shown, id);
    }

    /// <summary>Records the end of a session. Returns false if this program had left it.</summary>
    /// <param name="client">The session's client.</param>
    /// <param name="isOver">Whether the server has ended it; otherwise the next run can still come back to it.</param>
    private bool End(ChatClient client, bool isOver)
    {
        if (Interlocked.CompareExchange(ref _client, null, client) != client)
            return false;
        Room = ChatClient.Lobby;
        if (isOver)
            store?.Forget();
        _ended.TrySetResult();
        return true;
    }
}
