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
    private volatile ClientSession? _current;
    private string? _ended;

    internal bool IsLoggedIn => _current is not null;

    internal ClientSession Current => _current ?? throw new InvalidOperationException("Not logged in.");

    /// <summary>Why the session has finally ended; null while it has not.</summary>
    internal string? Ended => Volatile.Read(ref _ended);

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
            _ = inside ? _rooms.Add(room) : _rooms.Remove(room);
    }

    /// <summary>Begins the first session.</summary>
    internal async Task LogInAsync(string nick, CancellationToken cancellationToken) =>
        _current = await LogInAsync(nick, options.LoginPatience, mayBeOwn: false, cancellationToken).ConfigureAwait(false);

    /// <summary>Returns a session to continue with after the server answered <c>bad_session</c> to <paramref name="stale"/>.</summary>
    /// <exception cref="ChatRefusedException">There is none: the client left, was removed, or does not rejoin.</exception>
    /// <exception cref="ServerFault">None is available at the moment.</exception>
    internal async Task<ClientSession> RenewAsync(ClientSession stale, string? reason, CancellationToken cancellationToken)
    {
        await _renewing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ThrowIfEnded();
            if (Current != stale)
                return Current;
            if (!options.Rejoin || reason is not (null or "timeout"))
            {
                End(reason ?? "gone");
                ThrowIfEnded();
            }

            ClientSession renewed;
            try
            {
                ClientSession session = await LogInAsync(stale.Nick, s_renewPatience, mayBeOwn: true, cancellationToken)
                    .ConfigureAwait(false);
                _current = renewed = await ReturnAsync(session, cancellationToken).ConfigureAwait(false);
            }
            catch (ChatRefusedException e) when (e.Why
                is ChatRefusal.NickInUse or ChatRefusal.NickNotAllowed or ChatRefusal.HostBanned or ChatRefusal.HostFull)
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

    private async Task<ClientSession> LogInAsync(string nick, TimeSpan patience, bool mayBeOwn, CancellationToken cancellationToken)
    {
        string token = await Retry.RunAsync(
            lost => TokenAsync(nick, mayBeOwn || lost, cancellationToken),
            patience,
            options,
            cancellationToken).ConfigureAwait(false);
        try
        {
            return await Retry.RunAsync(_ => LookAsync(token, nick, cancellationToken), Later(patience), options, cancellationToken)
                .ConfigureAwait(false);
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
        while (true)
        {
            (string? token, string? refusal, TimeSpan? retryAfter) = await http.LogInAsync(nick, cancellationToken).ConfigureAwait(false);
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

    private async Task<ClientSession> LookAsync(string token, string nick, CancellationToken cancellationToken)
    {
        var session = new ClientSession(token, nick, null, TimeSpan.FromSeconds(90), int.MaxValue);
        CometAnswer start =
            ThrowIfSessionGone(await http.GetAsync(session, WireCalls.StartPath, options, cancellationToken).ConfigureAwait(false));
        CometAnswer me = ThrowIfSessionGone(await http.GetAsync(session, "chat/me/", options, cancellationToken).ConfigureAwait(false));
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
        };
    }

    private static CometAnswer ThrowIfSessionGone(CometAnswer answer) => answer.Error == CometErrors.BadSession
        ? throw new ChatUnavailableException("The server ends the session as soon as it has begun.", mayHaveHappened: true)
        : answer.OrThrow();

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
