using System.Collections.Concurrent;

namespace ErlChat.Client.Tests;

/// <summary>Several scripted servers, told apart by their host names: http://a, http://b, …</summary>
internal sealed class ScriptedServers : HttpMessageHandler
{
    private readonly Dictionary<string, HttpMessageInvoker> _invokers;
    private bool _polled;
    private readonly ConcurrentQueue<(string Host, HttpRequestMessage Request, string Body)> _asked = new();

    internal ScriptedServers(int count)
    {
        All = Enumerable.Range(0, count).ToDictionary(i => $"{(char)('a' + i)}", _ => new ScriptedServer());
        _invokers = All.ToDictionary(pair => pair.Key, pair => new HttpMessageInvoker(pair.Value));
    }

    /// <summary>The answer to a poll: somebody says "one".</summary>
    internal const string Item = """{"status":"ok","response":[{"id":100,"t":"chat_msg","d":{"nick":"bob","msg":"one"}}]}""";

    internal IReadOnlyDictionary<string, ScriptedServer> All { get; }

    internal Uri[] Addresses => [.. All.Keys.Select(host => new Uri($"http://{host}"))];

    /// <summary>The requests so far: to which host, the path and query, the cookie and the form.</summary>
    internal (string Host, string Path, string Cookie, string Body)[] Asked => [.. _asked.Select(one => (
        one.Host,
        one.Request.RequestUri!.PathAndQuery,
        one.Request.Headers.TryGetValues("Cookie", out IEnumerable<string>? cookies) ? cookies.Single() : "",
        one.Body))];

    /// <summary>The answer to the first poll, at whichever server it is made.</summary>
    internal Func<HttpResponseMessage>? FirstPoll { get; init; }

    /// <summary>The host that the client chose at first, and the others.</summary>
    internal string First => Asked[0].Host;

    internal ScriptedServer Other => All.First(pair => pair.Key != First).Value;

    internal Task<ChatClient> LoginAsync(ChatClientOptions? options = null) =>
        ChatClient.LoginAsync(Addresses, "alice", (options ?? Quick.Options) with { Handler = this }).WithinAsync();

    /// <summary>Logs in to two servers, where a pause would make the test fail.</summary>
    internal static async Task<(ScriptedServers Servers, ScriptedServer First, ScriptedServer Second, ChatClient Client)> PairAsync(
        ChatClientOptions? options = null,
        Func<HttpResponseMessage>? firstPoll = null)
    {
        var servers = new ScriptedServers(2) { FirstPoll = firstPoll };
        foreach (ScriptedServer one in servers.All.Values.Where(_ => firstPoll is not null))
            one.Poll(Item);
        ChatClient client = await servers.LoginAsync(WithLongPauses(options ?? Quick.Options));
        return (servers, servers.All[servers.First], servers.Other, client);
    }

    /// <summary>
    /// Options with which a server that failed is left alone for longer than a test lasts, however busy the machine is.
    /// </summary>
    internal static ChatClientOptions WithLongPauses(ChatClientOptions options)
    {
        TimeSpan pause = TimeSpan.FromMinutes(1);
        return options with { FirstPause = pause, LongestPause = pause, LongestRest = pause };
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        _asked.Enqueue((request.RequestUri!.Host, request, body));
        bool isPoll = request.RequestUri.AbsolutePath == "/chat/wait/";
        if (isPoll && FirstPoll is { } answer && !Interlocked.Exchange(ref _polled, true))
            return answer();
        return await _invokers[request.RequestUri!.Host].SendAsync(request, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        foreach (HttpMessageInvoker invoker in _invokers.Values)
            invoker.Dispose();
        base.Dispose(disposing);
    }
}
