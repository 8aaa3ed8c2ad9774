using System.Runtime.CompilerServices;

namespace ErlChat.Client;

/// <summary>
/// A person or a bot in the chat: logged in, reading and speaking. Everything that passes on the way – lost connections, lost answers, restarts of the server – is
/// mended inside: what was said is said once, and what is read is read in order, without loss or repetition, as far as the server still knows it.
/// </summary>
/// <remarks>
/// Thread-safe, but for <see cref="ReadAsync"/>, which one caller at a time may use. Sends go out one at a time in the order of the calls. Dispose it to leave.
/// Errors are <see cref="ChatRefusedException"/> (the server said no), <see cref="ChatUnavailableException"/> (it could not be reached in time) and <see cref="ChatProtocolException"/>.
/// A cancelled call that has an effect may still have had it.
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
    private Task _pump = Task.CompletedTask;
    private int _reading;
    private int _disposed;

    private ChatClient(Uri server, ChatClientOptions options)
    {
        _options = options;
        _http = new CometHttp(server, options);
        _keeper = new SessionKeeper(_http, options);
        _sends = new SendQueue(_http, _keeper, _calls, options);
        _events = new EventBuffer(options);
    }

    /// <summary>The client's nick, as the server spells it.</summary>
    public string Nick => _keeper.Current.Nick;

    /// <summary>Characters (text elements) that a message may have.</summary>
    public int MaxMessageLength => _keeper.Current.MaxMessageLength;

    /// <summary>Logs in. The client reads in the background from now on, up to its bound; <see cref="ReadAsync"/> gives all since the login.</summary>
    /// <param name="server">Where the chat's front page is, for example <c>http://localhost:8000</c>.</param>
    /// <param name="nick">1 to 16 letters or digits; blanks around are stripped and longer ones cut by the server.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="ChatRefusedException">NickInUse, NickNotAllowed, HostBanned, HostFull.</exception>
    /// <exception cref="ChatUnavailableException">The server could not be reached within <see cref="ChatClientOptions.LoginPatience"/>.</exception>
    /// <exception cref="ChatProtocolException">There is another kind of server.</exception>
    public static async Task<ChatClient> LoginAsync(Uri server, string nick, ChatClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(nick);
        if (!server.IsAbsoluteUri || server.Scheme is not ("http" or "https"))
            throw new ArgumentException("The server's address begins with http:// or https://.", nameof(server));
        options ??= new ChatClientOptions();
        options.Check();
        var client = new ChatClient(server, options);
        try
        {
            await client._keeper.LogInAsync(nick, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        var pump = new MailPump(client._http, client._keeper, client._events, options);
        client._pump = pump.RunAsync(client._calls.Closing);
        return client;
    }

    /// <inheritdoc cref="LoginAsync(Uri, string, ChatClientOptions?, CancellationToken)"/>
    public static Task<ChatClient> LoginAsync(string server, string nick, ChatClientOptions? options = null, CancellationToken cancellationToken = default) =>
        LoginAsync(new Uri(server), nick, options, cancellationToken);

    /// <summary>
    /// What happens, in order, each event once. Never ends by itself but with <see cref="SessionEnded"/>. A reading that was cancelled or left can be taken up by another call,
    /// which goes on where it ended.
    /// </summary>
    /// <exception cref="InvalidOperationException">Somebody else is reading.</exception>
    public async IAsyncEnumerable<ChatEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _reading, 1) != 0)
            throw new InvalidOperationException("A chat client has one reader at a time.");
        try
        {
            while (await _events.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                while (!cancellationToken.IsCancellationRequested && _events.Reader.TryRead(out ChatEvent? next))
                    yield return next;
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            Volatile.Write(ref _reading, 0);
        }
    }

    /// <summary>
    /// Leaves the chat, behind everything that was sent before. <see cref="ReadAsync"/> ends with <see cref="SessionEnded"/>, and no other call succeeds any more.
    /// Leaving twice does nothing.
    /// </summary>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>; the server then notices by itself, in its own time.</exception>
    public async Task LeaveAsync(CancellationToken cancellationToken = default)
    {
        if (_keeper.Ended is null)
            await _sends.InTurnAsync(LeaveInTurnAsync, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Leaves, if need be and if <see cref="ChatClientOptions.LeaveOnDispose"/> says so, and ends all that is under way: every call completes,
    /// with <see cref="ChatRefusedException"/> (SessionEnded) when nothing was asked of the server yet, else with
    /// <see cref="ChatUnavailableException"/>. May be called again, and then waits for the first.
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

        // Ended first: a session that is just being renewed is then left by whoever renews it.
        _keeper.End("left");
        string token = _keeper.Current.Token;

        // bad_session is as good as ok: somebody was faster.
        await Retry.RunAsync(
            _ => _http.AskAsync("chat/leave/", token, s_nothing, _options.RequestTimeout, call.Token),
            _options.CallPatience,
            _options,
            call).ConfigureAwait(false);
        return true;
    }

    private async Task SayFarewellAsync()
    {
        if (!_options.LeaveOnDispose || !_keeper.IsLoggedIn || _keeper.Ended is not null)
            return;
        using var limit = new CancellationTokenSource(s_farewell, _options.Time);
        try
        {
            await LeaveAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ChatException or OperationCanceledException)
        {
            // The server will notice by itself.
        }
    }
}
