using System.Collections.Concurrent;
using System.Net;

namespace ErlChat.Client.Tests;

/// <summary>
/// A server that gives the answers that the test specifies, without a network. Polls without an answer park until they are cancelled.
/// </summary>
internal sealed class ScriptedServer : HttpMessageHandler
{
    private readonly ConcurrentQueue<Func<HttpResponseMessage>> _polls = new();
    private readonly ConcurrentQueue<string> _asked = new();
    private int _open;

    /// <summary>Answers to <c>send_msg</c>, in order. Ok when there are none left.</summary>
    internal ConcurrentQueue<Func<HttpResponseMessage>> Sends { get; } = new();

    /// <summary>Answers to logins, in order. A session when there are none left.</summary>
    internal ConcurrentQueue<Func<HttpResponseMessage>> Logins { get; } = new();

    /// <summary>Answers to <c>start</c>, in order. Ok when there are none left.</summary>
    internal ConcurrentQueue<Func<HttpResponseMessage>> Starts { get; } = new();

    /// <summary>Called first, with the path and query. Its answer is used unless it is null.</summary>
    internal Func<string, CancellationToken, Task<HttpResponseMessage>?>? Answer { get; set; }

    /// <summary>The number of requests that are being answered.</summary>
    internal int Open => Volatile.Read(ref _open);

    /// <summary>Paths and queries of the requests so far.</summary>
    internal string[] Asked => [.. _asked];

    internal int Polls => Asked.Count(path => path.StartsWith("/chat/wait/", StringComparison.Ordinal));

    internal Task<ChatClient> LoginAsync(ChatClientOptions? options = null) =>
        ChatClient.LoginAsync(new Uri("http://chat.example"), "alice", (options ?? Quick.Options) with { Handler = this }).WithinAsync();

    internal void Poll(string json) => _polls.Enqueue(() => Json(json));

    internal void Poll(Func<HttpResponseMessage> answer) => _polls.Enqueue(answer);

    internal static HttpResponseMessage Json(string json) => new(HttpStatusCode.OK) { Content = new StringContent(json) };

    internal static HttpResponseMessage Status(HttpStatusCode status, int? retryAfter = null)
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent("<h1>no</h1>") };
        if (retryAfter is { } seconds)
            response.Headers.RetryAfter = new System.Net.Http.Headers.RetryConditionHeaderValue(TimeSpan.FromSeconds(seconds));
        return response;
    }

    internal static HttpResponseMessage Refusal(string word)
    {
        HttpResponseMessage response = Json("<p>no</p>");
        response.Headers.Add(ErlChat.Protocol.Comet.LoginRefusals.Header, word);
        return response;
    }

    /// <summary>An answer that never comes.</summary>
    internal static async Task<HttpResponseMessage> SilenceAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        throw new System.Diagnostics.UnreachableException();
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string path = request.RequestUri!.PathAndQuery;
        _asked.Enqueue(path);
        Interlocked.Increment(ref _open);
        try
        {
            return await (Answer?.Invoke(path, cancellationToken) ?? AnswerAsync(path, cancellationToken));
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task<HttpResponseMessage> AnswerAsync(string path, CancellationToken cancellationToken)
    {
        if (path.StartsWith("/chat/wait/", StringComparison.Ordinal))
        {
            if (_polls.TryDequeue(out Func<HttpResponseMessage>? next))
                return next();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }

        if (path == "/login/")
        {
            if (Logins.TryDequeue(out Func<HttpResponseMessage>? login))
                return login();
            var found = new HttpResponseMessage(HttpStatusCode.Found);
            found.Headers.Add("Set-Cookie", "chat_sess=secret; Path=/; HttpOnly");
            return found;
        }

        return path.Split('?')[0] switch
        {
            "/chat/start/" => Starts.TryDequeue(out Func<HttpResponseMessage>? start)
                ? start()
                : Json("""{"status":"ok","response":100,"epoch":"e1"}"""),
            "/chat/me/" => Json(
                """{"status":"ok","response":{"nick":"alice","rooms":["lobby"],"limits":{"message":10,"poll_timeout":1}}}"""),
            "/chat/online/" => Json("""{"status":"ok","response":["alice","bob"],"id":101}"""),
            "/chat/send_msg/" => Sends.TryDequeue(out Func<HttpResponseMessage>? answer)
                ? answer()
                : Json("""{"status":"ok","response":"","id":7}"""),
            "/chat/rooms/" => Json("""{"status":"ok","response":[]}"""),
            "/chat/history/" => Json("""{"status":"ok","response":[]}"""),
            _ => Json("""{"status":"ok","response":""}"""),
        };
    }
}
