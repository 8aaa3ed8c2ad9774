using System.Text.Json;
using Microsoft.Playwright;

namespace ErlChat.EndToEnd;

/// <summary>What a page requests and receives, as the browser counts it: with headers, and compressed as it was sent.</summary>
internal sealed class Traffic
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _asked = new(StringComparer.Ordinal);
    private readonly HashSet<string> _cached = new(StringComparer.Ordinal);
    private readonly List<(string Url, int Bytes)> _answers = [];

    private Traffic(ICDPSession devtools) => Devtools = devtools;

    internal ICDPSession Devtools { get; }

    /// <summary>The requests so far that reached the server, with the bytes of their answers; 0 while there is none.</summary>
    internal IReadOnlyList<(string Url, int Bytes)> Answers
    {
        get
        {
            lock (_lock)
            {
                IEnumerable<string> open = _asked.Where(one => !_cached.Contains(one.Key)).Select(static one => one.Value);
                return [.. _answers, .. open.Select(static url => (url, 0))];
            }
        }
    }

    internal static async Task<Traffic> WatchAsync(Person person, IPage page)
    {
        var traffic = new Traffic(await person.NewCDPSessionAsync(page));
        traffic.On("Network.requestWillBeSent", traffic.Asked);
        traffic.On("Network.requestServedFromCache", data => traffic._cached.Add(Id(data)));
        traffic.On("Network.responseReceived", traffic.Answered);
        traffic.On("Network.loadingFinished", data => traffic.Finished(Id(data), Bytes(data)));
        await traffic.Devtools.SendAsync("Network.enable");
        return traffic;
    }

    /// <summary>Lets every answer take time, as on a slow network.</summary>
    internal Task SlowDownAsync(double latency, int bytesPerSecond) => Devtools.SendAsync(
        "Network.emulateNetworkConditions",
        new Dictionary<string, object>
        {
            ["offline"] = false,
            ["latency"] = latency,
            ["downloadThroughput"] = bytesPerSecond,
            ["uploadThroughput"] = bytesPerSecond,
        });

    /// <summary>Forgets what was counted.</summary>
    internal void Restart()
    {
        lock (_lock)
        {
            _asked.Clear();
            _answers.Clear();
        }
    }

    private void On(string name, Action<JsonElement> handle) => Devtools.Event(name).OnEvent += (_, data) =>
    {
        lock (_lock)
            handle(data!.Value);
    };

    private void Asked(JsonElement data)
    {
        if (data.TryGetProperty("redirectResponse", out JsonElement redirect))
            Finished(Id(data), Bytes(redirect));
        string url = data.GetProperty("request").GetProperty("url").GetString()!;
        if (url.StartsWith("http", StringComparison.Ordinal))
            _asked[Id(data)] = url;
    }

    private void Answered(JsonElement data)
    {
        JsonElement response = data.GetProperty("response");
        if (response.GetProperty("fromDiskCache").GetBoolean() || response.GetProperty("fromPrefetchCache").GetBoolean())
            _cached.Add(Id(data));
    }

    private void Finished(string id, int bytes)
    {
        if (_asked.Remove(id, out string? url) && !_cached.Contains(id))
            _answers.Add((url, bytes));
    }

    private static string Id(JsonElement data) => data.GetProperty("requestId").GetString()!;

    private static int Bytes(JsonElement data) => (int)data.GetProperty("encodedDataLength").GetDouble();
}
