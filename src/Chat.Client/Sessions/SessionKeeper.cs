using System.Text.Json;
using ErlChat.Protocol.Comet;

namespace ErlChat.Client;

/// <summary>
/// Owns the client's session: logs in, knows its rooms, and gets a new session if the server no longer knows the old one. It does so once,
/// however many calls notice it.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class SessionKeeper(CometHttp http, ChatClientOptions options) : IDisposable
{
    private static readonly TimeSpan s_reclaimPause = TimeSpan.FromSeconds(2);

    /// <summary>Short, because callers retry, each with its own patience.</summary>
    private static readonly TimeSpan s_renewPatience = TimeSpan.FromSeconds(1);

    /// <summary>How long leaving an unused session may take.</summary>
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(2);

    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _renewing = new(1, 1);
    private readonly Lock _gate = new();
    private readonly HashSet<string> _rooms = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _titles = new(StringComparer.OrdinalIgnoreCase);
    private volatile ClientSession? _current;
    private volatile string? _password;
    private volatile bool _isMember;
    private bool _keep;
    private string? _ended;

    internal bool IsLoggedIn => _current is not null;

    internal ClientSession Current => _current ?? throw new InvalidOperationException("Not logged in.");

    /// <summary>Why the session has finally ended; null while it has not.</summary>
    internal string? Ended => Volatile.Read(ref _ended);

    /// <summary>What the server said about the end beyond the reason; null for nothing.</summary>
    internal string? Explanation { get; private set; }

    /// <summary>Completes when the session has finally ended.</summary>
    internal Task Over => _over.Task;

    public void Dispose() => _renewing.Dispose();

    /// <summary>Ends the session finally: all later calls fail. The first reason counts.</summary>
    internal void End(string reason)
    {
        if (Interlocked.CompareExchange(ref _ended, reason, null) is null)
            _over.TrySetResult();
    }

    internal void ThrowIfEnded()
    {
        if (Ended is { } reason)
            throw new ChatRefusedException(ChatRefusal.SessionEnded, reason);
    }

    /// <summary>
    /// Records that the client is in a room other than the lobby, or has left it, so that it can enter the same rooms again.
    /// </summary>
    internal void NoteRoom(string room, bool inside)
    {
        lock (_gate)
        {
            _ = inside ? _rooms.Add(room) : _rooms.Remove(room);
            if (!inside)
                _titles.Remove(room);
        }
    }

    /// <summary>Records what people call a room; null for its address.</summary>
    internal void NoteTitle(string room, string? title)
    {
        lock (_gate)
        {
            if (title is null)
                _titles.Remove(room);
            else
                _titles[room] = title;
        }
    }

    /// <summary>The address of a room that the client is in, for its address or its title; the name itself if it is neither.</summary>
    internal string AddressOf(string name)
    {
        lock (_gate)
        {
            if (_rooms.Contains(name))
                return name;
            foreach ((string room, string title) in _titles)
            {
                if (string.Equals(title, name, StringComparison.OrdinalIgnoreCase))
                    return room;
            }

            return name;
        }
    }

    /// <summary>Whether the user is a member.</summary>
    internal bool IsMember => _isMember;

    /// <summary>Begins the first session.</summary>
    internal async Task LogInAsync(ChatLogin login, CancellationToken cancellationToken)
    {
        (_password, _keep) = (login.Password, login.Keep);
        Begin(await LogInAsync(login.Nick, options.LoginPatience, mayBeOwn: false, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Continues a session of an earlier run of the program.</summary>
    /// <exception cref="ChatRefusedException">SessionEnded: the server does not know it any more.</exception>
    internal async Task ResumeAsync(StoredSession stored, string? password, CancellationToken cancellationToken)
    {
        (_password, _keep) = (password, true);
        Begin(await Retry.RunAsync(
            _ => LookAsync(stored.Token, stored.Nick, isNew: false, cancellationToken),
            options.LoginPatience,
            options,
            cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Records that the user is a member with this password, for logging in again.</summary>
    internal void NoteMember(string password) => (_password, _isMember) = (password, true);

    /// <summary>
    /// Returns a session to continue with after the server answered <c>bad_session</c> to <paramref name="stale"/>, which is
    /// <paramref name="gone"/>.
    /// </summary>
    /// <exception cref="ChatRefusedException">There is none: the client left, was removed, or does not rejoin.</exception>
    /// <exception cref="ServerFault">None is available at the moment.</exception>
    internal async Task<ClientSession> RenewAsync(ClientSession stale, CometAnswer gone, CancellationToken cancellationToken)
    {
        await _renewing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ThrowIfEnded();
            if (Current.Token != stale.Token)
                return Current;

            // A member's nick is given to nobody without the password.
            if (!options.Rejoin || gone.Reason is not (null or "timeout") || (_isMember && _password is null))
            {
                Explanation = gone.Explanation;
                End(gone.Reason ?? "gone");
                ThrowIfEnded();
            }

            ClientSession renewed;
            try
            {
                ClientSession session = await LogInAsync(stale.Nick, s_renewPatience, mayBeOwn: true, cancellationToken)
                    .ConfigureAwait(false);
                Begin(renewed = await ReturnAsync(session, cancellationToken).ConfigureAwait(false));
            }
            catch (ChatRefusedException e) when (e.Why
                is ChatRefusal.NickInUse or ChatRefusal.NickNotAllowed or ChatRefusal.HostBanned or ChatRefusal.HostFull
                or ChatRefusal.WrongPassword or ChatRefusal.NoGuests)
            {
                End(e.Why == ChatRefusal.HostBanned ? "banned" : e.Word);
                throw;
            }
            catch (ChatException e)
            {
                // This may be temporary, even if something other than the chat server answered. Whether the login took effect says nothing
                // about the caller's own request.
                TimeSpan? asked = e is ChatUnavailableException unavailable
                    ? unavailable.RetryAfter
                    : (e as ChatRefusedException)?.RetryAfter;
                throw new ServerFault(e.Message, mayHaveHappened: false, asked, e);
            }

            // The client left in the meantime, and the leaving call may have known only the previous session.
            if (Ended is not null)
            {
                await AbandonAsync(renewed.Token).ConfigureAwait(false);
                ThrowIfEnded();
            }

            return renewed;
        }
        finally
        {
            _renewing.Release();
        }
    }

    private void Begin(ClientSession session)
    {
        _current = session;
        _isMember = session.IsMember;
        foreach (string room in session.Rooms.Where(room => !WireCalls.IsLobby(room)))
            NoteRoom(room, inside: true);
        foreach ((string room, string title) in session.Titles)
            NoteTitle(room, title);
    }

    private async Task<ClientSession> LogInAsync(string nick, TimeSpan patience, bool mayBeOwn, CancellationToken cancellationToken)
    {
        string token = await Retry.RunAsync(
            lost => TokenAsync(nick, mayBeOwn || lost, cancellationToken),
            patience,
            options,
            cancellationToken).ConfigureAwait(false);
        try
        {
            return await Retry.RunAsync(
                _ => LookAsync(token, nick, isNew: true, cancellationToken),
                Later(patience),
                options,
                cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await AbandonAsync(token).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Leaves a session that will not be used, because otherwise the nick stays taken until the server ends the session.</summary>
    private async Task AbandonAsync(string token)
    {
        try
        {
            await http.AskAsync("chat/leave/", token, new Dictionary<string, string>(), s_farewell, CancellationToken.None)
                .ConfigureAwait(false);
        }
        catch (ServerFault)
        {
            // The server will end the session after a while.
        }
    }

    /// <summary>Logs in. Retries while only this client's own lost session may hold the nick.</summary>
    private async Task<string> TokenAsync(string nick, bool mayBeOwn, CancellationToken cancellationToken)
    {
        long started = options.Time.GetTimestamp();
        var login = new ChatLogin(nick) { Password = _password, Keep = _keep };
        while (true)
        {
            (string? token, string? refusal, TimeSpan? retryAfter) = await http.LogInAsync(login, cancellationToken).ConfigureAwait(false);
            if (token is not null)
                return token;
            bool passes = mayBeOwn && refusal is LoginRefusals.NickInUse or LoginRefusals.HostFull;
            if (!passes || options.Time.GetElapsedTime(started) + s_reclaimPause > options.ReclaimPatience)
                throw new ChatRefusedException(ChatRefusals.Of(refusal!), refusal!, retryAfter);
            await Task.Delay(s_reclaimPause * (0.5 + Random.Shared.NextDouble() / 2), options.Time, cancellationToken)
                .ConfigureAwait(false);
        }
    }

    /// <summary>
    /// The patience for reading a new session's data. It is at least one request, because otherwise the new session would be abandoned.
    /// </summary>
    private TimeSpan Later(TimeSpan patience) => patience > options.RequestTimeout ? patience : options.RequestTimeout;

    private async Task<ClientSession> LookAsync(string token, string nick, bool isNew, CancellationToken cancellationToken)
    {
        var session = new ClientSession(token, nick, null, TimeSpan.FromSeconds(90), int.MaxValue);
        CometAnswer start = OrThrow(
            await http.GetAsync(session, WireCalls.StartPath, options, cancellationToken).ConfigureAwait(false), isNew);
        CometAnswer me = OrThrow(await http.GetAsync(session, "chat/me/", options, cancellationToken).ConfigureAwait(false), isNew);
        JsonElement limits = me.Response.ValueKind == JsonValueKind.Object && me.Response.TryGetProperty("limits", out JsonElement found)
            ? found
            : default;
        string spelled = WireCalls.Text(me.Response, "nick");
        return session with
        {
            Nick = spelled.Length > 0 ? spelled : nick,
            Epoch = start.Epoch,
            PollTimeout = WireCalls.Number(limits, "poll_timeout") is > 0 and < 3600 and var seconds
                ? TimeSpan.FromSeconds(seconds)
                : session.PollTimeout,
            MaxMessageLength = WireCalls.Number(limits, "message") is > 0 and < int.MaxValue and var length
                ? (int)length
                : session.MaxMessageLength,
            MinPasswordLength = WireCalls.Number(limits, "password") is > 0 and < 1000 and var least
                ? (int)least
                : session.MinPasswordLength,
            TypingLifetime = WireCalls.Number(limits, "typing") is > 0 and < 3600 and var shown
                ? TimeSpan.FromSeconds(shown)
                : TimeSpan.Zero,
            UserId = WireCalls.Text(me.Response, "user_id"),
            IsMember = WireCalls.IsTrue(me.Response, "member"),
            Rooms = WireCalls.Strings(me.Response, "rooms"),
            Titles = WireCalls.Titles(me.Response),
            Start = start.Response.ValueKind == JsonValueKind.Number && start.Response.TryGetInt64(out long first) ? first : 0,
        };
    }

    private static CometAnswer OrThrow(CometAnswer answer, bool isNew) => answer.Error switch
    {
        CometErrors.BadSession when isNew =>
            throw new ChatUnavailableException("The server ends the session as soon as it has begun.", mayHaveHappened: true),
        CometErrors.BadSession => throw new ChatRefusedException(ChatRefusal.SessionEnded, answer.Reason ?? "gone")
        {
            Explanation = answer.Explanation,
        },
        _ => answer.OrThrow(),
    };

    /// <summary>Brings the new session back into the rooms of the old one.</summary>
    private async Task<ClientSession> ReturnAsync(ClientSession session, CancellationToken cancellationToken)
    {
        try
        {
            await EnterRoomsAsync(session, cancellationToken).ConfigureAwait(false);
            return session;
        }
        catch
        {
            await AbandonAsync(session.Token).ConfigureAwait(false);
            throw;
        }
    }

    private async Task EnterRoomsAsync(ClientSession session, CancellationToken cancellationToken)
    {
        string[] rooms;
        lock (_gate)
            rooms = [.. _rooms];
        foreach (string room in rooms)
        {
            // A refusal (full, already inside) shows in the later snapshot.
            var form = new Dictionary<string, string> { ["room"] = room };
            await Retry.RunAsync(
                _ => http.AskAsync("chat/join/", session.Token, form, options.RequestTimeout, cancellationToken),
                options.CallPatience,
                options,
                cancellationToken).ConfigureAwait(false);
        }
    }
}
