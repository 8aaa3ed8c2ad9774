using System.Net;
using System.Text;
using System.Text.Json;
using ErlChat.Protocol.Comet;

namespace ErlChat.Client;

/// <summary>One request, one answer, one try. Thread-safe.</summary>
internal sealed class CometHttp : IDisposable
{
    private readonly HttpClient _http;
    private readonly ChatClientOptions _options;
    private readonly Uri _server;

    internal CometHttp(Uri server, ChatClientOptions options)
    {
        _options = options;
        _server = server.AbsoluteUri.EndsWith('/') ? server : new Uri(server.AbsoluteUri + "/");
        HttpMessageHandler handler = options.Handler ?? new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false };
        _http = new HttpClient(handler, disposeHandler: options.Handler is null)
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = options.MaxAnswerBytes,
        };
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Asks. The answer may be an error envelope; errors that pass by waiting count as a failed try.</summary>
    /// <exception cref="ServerFault">This try failed, by whatever answered something else too.</exception>
    internal async Task<CometAnswer> AskAsync(string path, string? token, IReadOnlyDictionary<string, string>? form, TimeSpan limit, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await SendAsync(path, token, form, limit, cancellationToken).ConfigureAwait(false);
        ThrowUnlessAnswered(response);
        try
        {
            CometAnswer answer = CometAnswer.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
            if (answer.Error == CometErrors.RateLimited && path == WireCalls.AuthPath)
                return answer;
            return answer.Error is CometErrors.Unavailable or CometErrors.Stopping or CometErrors.RateLimited
                ? throw new ServerFault($"The server says: {answer.Error}.", mayHaveHappened: false, answer.RetryAfter ?? RetryAfterOf(response))
                {
                    IsRateLimited = answer.Error == CometErrors.RateLimited,
                }
                : answer;
        }
        catch (JsonException e)
        {
            string message = $"{_server} answers {path} with something other than a comet answer.";
            throw new ServerFault(message, mayHaveHappened: true, inner: e) { IsForeign = true };
        }
    }

    /// <summary>Logs in: the token, or the word of the refusal.</summary>
    /// <exception cref="ServerFault">This try failed.</exception>
    /// <exception cref="ChatProtocolException">What answers is no such server.</exception>
    internal async Task<(string? Token, string? Refusal, TimeSpan? RetryAfter)> LogInAsync(string nick, CancellationToken cancellationToken)
    {
        var form = new Dictionary<string, string> { ["nick"] = nick };
        using HttpResponseMessage response = await SendAsync("login/", null, form, _options.RequestTimeout, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode is >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest && LoginAnswer.TokenOf(response) is { } token)
            return (token, null, null);
        try
        {
            ThrowUnlessAnswered(response);
        }
        catch (ServerFault fault) when (fault.IsForeign)
        {
            throw new ChatProtocolException(fault.Message, fault);
        }

        // Not as a string: a character set that there is not would throw.
        string page = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
        string refusal = LoginAnswer.RefusalOf(response, page)
            ?? throw new ChatProtocolException($"{_server} answers a login with neither a session nor a refusal. Check that it is an "
                + "ErlChat server.");
        return refusal == LoginRefusals.Unavailable
            ? throw new ServerFault("The server does not accept logins at the moment.", mayHaveHappened: false, RetryAfterOf(response))
            : (null, refusal, RetryAfterOf(response));
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string? token, IReadOnlyDictionary<string, string>? form, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(form is null ? HttpMethod.Get : HttpMethod.Post, new Uri(_server, path));
        if (token is not null)
            request.Headers.Add("Cookie", CookieOf(token));
        if (form is not null)
            request.Content = new FormUrlEncodedContent(form);
        using var deadline = new CancellationTokenSource(limit, _options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await _http.SendAsync(request, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ServerFault($"{_server} does not answer.", mayHaveHappened: true, inner: e);
        }
        catch (HttpRequestException e)
        {
            // Cancellation closed the connection; report the cancellation, not the broken connection.
            cancellationToken.ThrowIfCancellationRequested();

            // Until a connection stands, nothing of the request can have got anywhere.
            bool connected = e.HttpRequestError is not (HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError);
            string what = connected ? "broke the connection" : "cannot be reached";
            throw new ServerFault($"{_server} {what}: {e.Message}", connected, inner: e)
            {
                IsTooLarge = e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded,
            };
        }
    }

    /// <summary>Over https under both names: servers before the longer one know only the other, and newer ones take the longer one where both are.</summary>
    private string CookieOf(string token) => _server.Scheme == Uri.UriSchemeHttps
        ? $"{LoginAnswer.HostCookieName}={token}; {LoginAnswer.CookieName}={token}"
        : $"{LoginAnswer.CookieName}={token}";

    private void ThrowUnlessAnswered(HttpResponseMessage response)
    {
        if (response.StatusCode == HttpStatusCode.OK)
            return;
        string message = $"{_server} answers with HTTP status {(int)response.StatusCode}.";

        // 400 among them: what a server says to a request that was cut on its way.
        bool isServers = response.StatusCode >= HttpStatusCode.InternalServerError;
        bool isKnown = isServers || response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests;
        throw new ServerFault(message, mayHaveHappened: isServers, RetryAfterOf(response)) { IsForeign = !isKnown };
    }

    private TimeSpan? RetryAfterOf(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > _options.Time.GetUtcNow() => date - _options.Time.GetUtcNow(),
        _ => null,
    };
}
