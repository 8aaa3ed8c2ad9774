using System.Runtime.CompilerServices;

namespace ErlChat.Client;

/// <summary>
/// A user or bot that is logged in to the chat. Lost connections, lost answers and restarts of the server are handled internally: each
/// message is sent once, and events are read in order, without loss or repetition, as far back as the server still has them.
/// </summary>
/// <remarks>
/// Thread-safe, except for <see cref="ReadAsync"/>, which one caller at a time may use. Messages are sent one at a time, in the order of
/// the calls. Dispose the client to leave the chat. Errors are <see cref="ChatRefusedException"/> (the server refused),
/// <see cref="ChatUnavailableException"/> (it could not be reached in time) and <see cref="ChatProtocolException"/>. A cancelled call may
/// still have taken effect.
/// </remarks>
public sealed partial class ChatClient : IAsyncDisposable
{
    /// <summary>The room that every client is in.</summary>
    public const string Lobby = "lobby";

    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(2);

    private readonly OpenCalls _calls = new();
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ChatClientOptions _options;
    private readonly CometHttp _http;
    private readonly SessionKeeper _keeper;
    private readonly SendQueue _sends;
    private readonly EventBuffer _events;
    private readonly ReadPosition _position = new();
    private readonly Uri[] _servers;
    private Task _pump = Task.CompletedTask;
    private volatile Task _leaving = Task.CompletedTask;
    private int _reading;
    private int _disposed;
    private bool _isDetached;

    private ChatClient(IEnumerable<Uri> servers, ChatClientOptions options)
    {
        _options = options;
        _servers = [.. servers];
        _http = new CometHttp(_servers, options);
        _keeper = new SessionKeeper(_http, options);
        _sends = new SendQueue(_http, _keeper, _calls, options);
        _events = new EventBuffer(options);
    }

    /// <summary>The client's nick, as the server spells it.</summary>
    public string Nick => _keeper.Current.Nick;

    /// <summary>The user's id, which no other user ever has; empty if the server does not say.</summary>
    public string UserId => _keeper.Current.UserId;

    /// <summary>Whether the user is a member, who owns the nick and logs in with a password; otherwise a guest.</summary>
    public bool IsMember => _keeper.IsMember;

    /// <summary>How many characters (text elements) a message may have.</summary>
    public int MaxMessageLength => _keeper.Current.MaxMessageLength;

    /// <summary>
    /// Logs in. The client then reads in the background, up to its buffer's limit. <see cref="ReadAsync"/> returns all events since the
    /// login.
    /// </summary>
    /// <param name="server">The address of the chat's front page, for example <c>http://localhost:8000</c>.</param>
    /// <param name="nick">1 to 16 letters or digits of one script. The server removes surrounding blanks.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the login.</param>
    /// <exception cref="ChatRefusedException">NickInUse, NickNotAllowed, HostBanned, HostFull.</exception>
    /// <exception cref="ChatUnavailableException">
    /// The server could not be reached within <see cref="ChatClientOptions.LoginPatience"/>.
    /// </exception>
    /// <exception cref="ChatProtocolException">The server is not a chat server.</exception>
    public static Task<ChatClient> LoginAsync(
        Uri server,
        string nick,
        ChatClientOptions? options = null,
        CancellationToken cancellationToken = default) =>
        LoginAsync([server], nick, options, cancellationToken);

    /// <inheritdoc cref="LoginAsync(Uri, string, ChatClientOptions?, CancellationToken)"/>
    public static Task<ChatClient> LoginAsync(
        string server,
        string nick,
        ChatClientOptions? options = null,
        CancellationToken cancellationToken = default) =>
        LoginAsync(new Uri(server), nick, options, cancellationToken);

    /// <summary>
    /// Logs in to a chat that has several servers (nodes). The client uses one of them, chosen at random. If that does not answer, refuses
    /// connections or stops, the client continues with another one: same session, same place in the stream, nothing sent twice. It returns
    /// when the first one works again.
    /// </summary>
    /// <param name="servers">The servers' addresses. Either all use https or none does.</param>
    /// <param name="nick">1 to 16 letters or digits of one script. The server removes surrounding blanks.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the login.</param>
    /// <exception cref="ArgumentException">The list is empty, or an address is not http or https, or the two are mixed.</exception>
    /// <exception cref="ChatRefusedException">NickInUse, NickNotAllowed, HostBanned, HostFull.</exception>
    /// <exception cref="ChatUnavailableException">
    /// No server could be reached within <see cref="ChatClientOptions.LoginPatience"/>.
    /// </exception>
    /// <exception cref="ChatProtocolException">There is no chat server at these addresses.</exception>
    public static Task<ChatClient> LoginAsync(
        IEnumerable<Uri> servers,
        string nick,
        ChatClientOptions? options = null,
        CancellationToken cancellationToken = default) =>
        LoginAsync(servers, new ChatLogin(nick), options, cancellationToken);

    /// <summary>Logs in as a guest or, with a password, as a member.</summary>
    /// <param name="servers">The servers' addresses. Either all use https or none does.</param>
    /// <param name="login">Who logs in.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the login.</param>
    /// <exception cref="ArgumentException">The list is empty, or an address is not http or https, or the two are mixed.</exception>
    /// <exception cref="ChatRefusedException">
    /// NickInUse, NickNotAllowed, HostBanned, HostFull, NoGuests; with a password WrongPassword, HostBanned, HostFull.
    /// </exception>
    /// <exception cref="ChatUnavailableException">
    /// No server could be reached within <see cref="ChatClientOptions.LoginPatience"/>, or there were too many logins or passwords.
    /// </exception>
    /// <exception cref="ChatProtocolException">There is no chat server at these addresses.</exception>
    public static Task<ChatClient> LoginAsync(
        IEnumerable<Uri> servers,
        ChatLogin login,
        ChatClientOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(servers);
        ArgumentNullException.ThrowIfNull(login);
        return BeginAsync(servers, options, keeper => keeper.LogInAsync(login, cancellationToken), resumed: null);
    }

    /// <summary>
    /// Comes back as the user of a stored session, without a login. The first event is a <see cref="Resynced"/> with what was missed. If
    /// the user was offline, the others see it come back.
    /// </summary>
    /// <param name="stored">The session, from <see cref="Export"/>.</param>
    /// <param name="password">A member's password, in case the server forgets the session later; null for none.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ChatRefusedException">
    /// SessionEnded: the server does not know the session any more. <see cref="ChatRefusedException.Word"/> is the reason, or <c>gone</c>.
    /// After a kick or a ban, <see cref="ChatRefusedException.Explanation"/> is what the user was told.
    /// </exception>
    /// <exception cref="ChatUnavailableException">
    /// No server could be reached within <see cref="ChatClientOptions.LoginPatience"/>. The session may still be there.
    /// </exception>
    public static Task<ChatClient> ResumeAsync(
        StoredSession stored,
        string? password = null,
        ChatClientOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stored);
        return BeginAsync(stored.Servers, options, keeper => keeper.ResumeAsync(stored, password, cancellationToken), stored);
    }

    private static async Task<ChatClient> BeginAsync(
        IEnumerable<Uri> servers,
        ChatClientOptions? options,
        Func<SessionKeeper, Task> begin,
        StoredSession? resumed)
    {
        options ??= new ChatClientOptions();
        options.Check();
        var client = new ChatClient(servers, options);
        try
        {
            await begin(client._keeper).ConfigureAwait(false);
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        ClientSession session = client._keeper.Current;
        client._position.Begin(resumed?.Cursor ?? session.Start, resumed is null ? session.Epoch : resumed.Epoch);
        var pump = new MailPump(client._http, client._keeper, client._events, options, resumed);
        client._pump = pump.RunAsync(client._calls.Closing);
        return client;
    }

    /// <summary>
    /// The session, for <see cref="ResumeAsync"/> in a later run of the program. It continues after the last event that
    /// <see cref="ReadAsync"/> returned. Log in with <see cref="ChatLogin.Keep"/>; otherwise the session lasts only for some minutes. If
    /// the client had to log in again (<see cref="Resynced.NewSession"/>), an earlier export is of no use.
    /// </summary>
    /// <exception cref="ChatRefusedException">SessionEnded.</exception>
    public StoredSession Export()
    {
        _keeper.ThrowIfEnded();
        (long cursor, string? epoch) = _position.Now;
        ClientSession session = _keeper.Current;
        return new StoredSession
        {
            Servers = _servers,
            Nick = session.Nick,
            Token = session.Token,
            Cursor = cursor,
            Epoch = epoch,
        };
    }

    /// <summary>
    /// Disposes the client without leaving the chat, and returns the session as <see cref="Export"/> does. Open calls end as in
    /// <see cref="DisposeAsync"/>.
    /// </summary>
    /// <exception cref="ChatRefusedException">SessionEnded. The client is not disposed.</exception>
    public async Task<StoredSession> DetachAsync()
    {
        StoredSession stored = Export();
        _isDetached = true;
        await DisposeAsync().ConfigureAwait(false);
        return stored;
    }

    /// <summary>
    /// The events, in order, each once. Ends after <see cref="SessionEnded"/>, or when it is cancelled. After a cancelled or abandoned
    /// enumeration, another call continues where it stopped.
    /// </summary>
    /// <exception cref="InvalidOperationException">Another caller is reading.</exception>
    public async IAsyncEnumerable<ChatEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _reading, 1) != 0)
            throw new InvalidOperationException("A chat client has one reader at a time.");
        try
        {
            while (await _events.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                while (!cancellationToken.IsCancellationRequested && _events.Reader.TryRead(out ChatEvent? next))
                {
                    _position.Note(next);
                    yield return next;
                }

                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            Volatile.Write(ref _reading, 0);
        }
    }

    /// <summary>
    /// Leaves the chat after everything that was sent before. <see cref="ReadAsync"/> ends with <see cref="SessionEnded"/>, and all later
    /// calls fail. Leaving twice does nothing.
    /// </summary>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>. The server then ends the session after a while.</exception>
    public async Task LeaveAsync(CancellationToken cancellationToken = default)
    {
        if (_keeper.Ended is null)
            await _sends.InTurnAsync(LeaveInTurnAsync, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Leaves the chat if <see cref="ChatClientOptions.LeaveOnDispose"/> is set, and ends all open calls: with
    /// <see cref="ChatRefusedException"/> (SessionEnded) if nothing was sent to the server yet, otherwise with
    /// <see cref="ChatUnavailableException"/>. May be called again; it then waits for the first call.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            await _gone.Task.ConfigureAwait(false);
            return;
        }

        try
        {
            await SayFarewellAsync().ConfigureAwait(false);
            _keeper.End("left");

            // Whoever leaves reads the end of the session at once, and may dispose the client before the server has answered.
            await Task.WhenAny(_leaving, Task.Delay(s_farewell, _options.Time)).ConfigureAwait(false);
            await _calls.CloseAsync().ConfigureAwait(false);
            await _pump.ConfigureAwait(false);
            _sends.Dispose();
            _keeper.Dispose();
            _http.Dispose();
            _calls.Dispose();
        }
        finally
        {
            _gone.TrySetResult();
        }
    }

    private async Task<bool> LeaveInTurnAsync(Call call)
    {
        if (_keeper.Ended is not null)
            return false;
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _leaving = answered.Task;
        try
        {
            await LeaveOnceAsync(call).ConfigureAwait(false);
            return true;
        }
        finally
        {
            answered.TrySetResult();
        }
    }

    private async Task LeaveOnceAsync(Call call)
    {
        // End first: if another call is just renewing the session, that call then leaves the new session.
        _keeper.End("left");
        string token = _keeper.Current.Token;

        // bad_session is as good as ok: the session has already ended.
        await Retry.RunAsync(
            _ => _http.AskAsync("chat/leave/", token, s_nothing, _options.RequestTimeout, call.Token),
            _options.CallPatience,
            _options,
            call).ConfigureAwait(false);
    }

    private async Task SayFarewellAsync()
    {
        if (!_options.LeaveOnDispose || _isDetached || !_keeper.IsLoggedIn || _keeper.Ended is not null)
            return;
        using var limit = new CancellationTokenSource(s_farewell, _options.Time);
        try
        {
            await LeaveAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ChatException or OperationCanceledException)
        {
            // The server will end the session after a while.
        }
    }
}
