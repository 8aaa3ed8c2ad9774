using System.Net;
using System.Text;
using System.Text.Json;
using ErlChat.Protocol.Comet;

namespace ErlChat.Client;

/// <summary>
/// Sends one request to the chat's current server and reads one answer, in one try. Also decides which failures are the server's, so that
/// the next try goes to another one. Thread-safe.
/// </summary>
internal sealed class CometHttp : IDisposable
{
    /// <summary>How long a server may take to say that it works. Mail is late by so much if it hangs.</summary>
    private static readonly TimeSpan s_probe = TimeSpan.FromSeconds(2);

    private readonly HttpClient _http;
    private readonly ChatClientOptions _options;
    private readonly ServerList _servers;

    internal CometHttp(IEnumerable<Uri> servers, ChatClientOptions options)
    {
        _options = options;
        _servers = new ServerList(servers, options);
        HttpMessageHandler handler = options.Handler ?? new SocketsHttpHandler
        {
            UseCookies = false,
            AllowAutoRedirect = false,
            ConnectTimeout = _servers.IsSeveral ? options.ConnectTimeout : Timeout.InfiniteTimeSpan,
        };
        _http = new HttpClient(handler, disposeHandler: options.Handler is null)
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = options.MaxAnswerBytes,
        };
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Sends a request. The answer may be an error envelope. Errors that pass after a wait count as a failed try.</summary>
    /// <exception cref="ServerFault">This try failed, possibly because something other than the chat server answered.</exception>
    internal async Task<CometAnswer> AskAsync(
        string path,
        string? token,
        IReadOnlyDictionary<string, string>? form,
        TimeSpan limit,
        CancellationToken cancellationToken)
    {
        (Server server, CancellationToken silent) = _servers.Current;
        using HttpResponseMessage response = await SendAsync(server, path, token, form, limit, silent, cancellationToken)
            .ConfigureAwait(false);
        ThrowUnlessAnswered(server, response);
        try
        {
            CometAnswer answer = CometAnswer.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
            TimeSpan? retryAfter = answer.RetryAfter ?? RetryAfterOf(response);
            switch (answer.Error)
            {
                case null when answer.IsStopping:
                    throw Failed(server, new ServerFault("The server stops.", mayHaveHappened: false, retryAfter) { IsStopping = true });
                case CometErrors.Unavailable or CometErrors.Stopping:
                    throw Failed(server, new ServerFault($"The server says: {answer.Error}.", mayHaveHappened: false, retryAfter));
                case CometErrors.RateLimited when !WireCalls.TakesPassword(path):
                    // Not a failure of the server: the others have the same limits.
                    throw new ServerFault($"The server says: {answer.Error}.", mayHaveHappened: false, retryAfter) { IsRateLimited = true };
                default:
                    _servers.Answered(server);
                    return answer;
            }
        }
        catch (JsonException e)
        {
            string message = $"{server.Address} answers {path} with something other than a comet answer.";
            throw Failed(server, new ServerFault(message, mayHaveHappened: true, inner: e) { IsForeign = true });
        }
    }

    /// <summary>Goes back to a server that failed earlier, if the client prefers it, its rest is over, and it says that it works.</summary>
    internal async Task ReturnAsync(CancellationToken cancellationToken)
    {
        if (_servers.Due is not { } server)
            return;
        try
        {
            // Ask this first: a poll would wait for a long time if the server hangs.
            using HttpResponseMessage response = await SendAsync(server, "readyz", null, null, s_probe, default, cancellationToken)
                .ConfigureAwait(false);
            ThrowUnlessAnswered(server, response);
            _servers.ReturnTo(server);
        }
        catch (ServerFault)
        {
            // It rests again.
        }
    }

    /// <summary>Logs in. Returns the token, or the word of the refusal.</summary>
    /// <exception cref="ServerFault">This try failed.</exception>
    /// <exception cref="ChatProtocolException">The server is not a chat server.</exception>
    internal async Task<(string? Token, string? Refusal, TimeSpan? RetryAfter)> LogInAsync(
        ChatLogin login,
        CancellationToken cancellationToken)
    {
        var form = new Dictionary<string, string> { ["nick"] = login.Nick, ["scripts"] = "any" };
        if (login.Keep)
            form["keep"] = "1";
        if (login.Password is not null)
            form["password"] = login.Password;
        (Server server, CancellationToken silent) = _servers.Current;
        using HttpResponseMessage response =
            await SendAsync(server, "login/", null, form, _options.RequestTimeout, silent, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode is >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest
            && LoginAnswer.TokenOf(response) is { } token)
        {
            _servers.Answered(server);
            return (token, null, null);
        }

        try
        {
            ThrowUnlessAnswered(server, response);
        }
        catch (ServerFault fault) when (fault.IsForeign && !fault.HasAlternative)
        {
            throw new ChatProtocolException(fault.Message, fault);
        }

        // Not ReadAsStringAsync, which throws if the answer names an unknown character set.
        string page = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
        TimeSpan? retryAfter = RetryAfterOf(response);
        switch (LoginAnswer.RefusalOf(response, page))
        {
            case LoginRefusals.Unavailable:
                throw Failed(
                    server,
                    new ServerFault("The server does not accept logins at the moment.", mayHaveHappened: false, retryAfter));
            case { } refusal:
                _servers.Answered(server);
                return (null, refusal, retryAfter);
            default:
                string message = $"{server.Address} answers a login with neither a session nor a refusal. Check that it is an "
                    + "ErlChat server.";
                ServerFault fault = Failed(server, new ServerFault(message, mayHaveHappened: false) { IsForeign = true });
                throw fault.HasAlternative ? fault : new ChatProtocolException(message);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        Server server,
        string path,
        string? token,
        IReadOnlyDictionary<string, string>? form,
        TimeSpan limit,
        CancellationToken silent,
        CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(form is null ? HttpMethod.Get : HttpMethod.Post, new Uri(server.Address, path));
        if (token is not null)
            request.Headers.Add("Cookie", CookieOf(server, token));
        if (form is not null)
            request.Content = new FormUrlEncodedContent(form);
        using var deadline = new CancellationTokenSource(limit, _options.Time);

        // Only reads give up when another call finds the server silent: a command may still be carried out, so it waits for its answer.
        CancellationToken givingUp = form is null ? silent : CancellationToken.None;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token, givingUp);
        try
        {
            return await _http.SendAsync(request, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            // If no token of this request was cancelled, the connection took too long.
            bool connected = either.IsCancellationRequested;
            throw Failed(server, new ServerFault($"{server.Address} does not answer.", connected, inner: e), isSilent: true);
        }
        catch (HttpRequestException e)
        {
            // Cancellation closed the connection; report the cancellation, not the broken connection.
            cancellationToken.ThrowIfCancellationRequested();

            // Without a connection, nothing of the request was sent.
            bool connected = e.HttpRequestError is not (HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError);
            string what = connected ? "broke the connection" : "cannot be reached";
            var fault = new ServerFault($"{server.Address} {what}: {e.Message}", connected, inner: e)
            {
                IsTooLarge = e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded,
            };
            throw fault.IsTooLarge ? fault : Failed(server, fault, isSilent: true);
        }
    }

    /// <summary>
    /// The cookie of a session. Over https it has both names: servers older than the longer name only know the shorter one, and newer ones
    /// prefer the longer one.
    /// </summary>
    private static string CookieOf(Server server, string token) => server.Address.Scheme == Uri.UriSchemeHttps
        ? $"{LoginAnswer.HostCookieName}={token}; {LoginAnswer.CookieName}={token}"
        : $"{LoginAnswer.CookieName}={token}";

    private void ThrowUnlessAnswered(Server server, HttpResponseMessage response)
    {
        if (response.StatusCode == HttpStatusCode.OK)
            return;
        string message = response.StatusCode == HttpStatusCode.TooManyRequests
            ? $"{server.Address} asks to wait: there were too many tries or requests."
            : $"{server.Address} answers with HTTP status {(int)response.StatusCode}.";

        // Includes 400, which a server answers to a request that was cut off on the way.
        bool isServers = response.StatusCode >= HttpStatusCode.InternalServerError;
        bool isKnown = isServers
            || response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests;
        var fault = new ServerFault(message, mayHaveHappened: isServers, RetryAfterOf(response))
        {
            IsForeign = !isKnown,
            IsNotFound = response.StatusCode == HttpStatusCode.NotFound,
        };
        throw response.StatusCode == HttpStatusCode.TooManyRequests ? fault : Failed(server, fault);
    }

    /// <summary>Records that the server failed, and returns the fault to throw.</summary>
    private ServerFault Failed(Server server, ServerFault fault, bool isSilent = false)
    {
        fault.Server = server;
        fault.HasAlternative = _servers.Failed(server, fault.RetryAfter, isSilent);
        return fault;
    }

    private TimeSpan? RetryAfterOf(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > _options.Time.GetUtcNow() => date - _options.Time.GetUtcNow(),
        _ => null,
    };
}
