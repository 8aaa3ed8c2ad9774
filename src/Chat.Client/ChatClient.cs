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

    private readonly CancellationTokenSource _closing = new();
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
        _sends = new SendQueue(_http, _keeper, options);
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
        client._pump = pump.RunAsync(client._closing.Token);
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
    public Task LeaveAsync(CancellationToken cancellationToken = default) => _sends.InTurnAsync(
        async () =>
        {
            if (_keeper.Ended is not null)
                return false;
            string token = _keeper.Current.Token;
            _keeper.End("left");

            // bad_session is as good as ok: somebody was faster.
            await Retry.RunAsync(
                _ => _http.AskAsync("chat/leave/", token, s_nothing, _options.RequestTimeout, cancellationToken),
                _options.CallPatience,
                _options,
                cancellationToken).ConfigureAwait(false);
            return true;
        },
        cancellationToken);

    /// <summary>Leaves, if need be and if <see cref="ChatClientOptions.LeaveOnDispose"/> says so, and ends all that is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        if (_options.LeaveOnDispose && _keeper.IsLoggedIn && _keeper.Ended is null)
        {
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

        _keeper.End("left");
        await _closing.CancelAsync().ConfigureAwait(false);
        await _pump.ConfigureAwait(false);
        _sends.Dispose();
        _keeper.Dispose();
        _http.Dispose();
        _closing.Dispose();
    }
}
