namespace ErlChat.Client.Tests;

/// <summary>Reads a client's events in the background and stores them.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<ChatEvent> _events = [];
    private readonly Task _reading;

    internal Listener(ChatClient client) => _reading = ReadAsync(client);

    internal ChatEvent[] Events
    {
        get
        {
            lock (_events)
                return [.. _events];
        }
    }

    internal Said[] Said => [.. Events.OfType<Said>()];

    internal string[] Texts => [.. Said.Select(said => said.Text)];

    /// <summary>All message texts, whether received when they were sent or after a gap.</summary>
    internal string[] AllTexts => [.. Events
        .SelectMany(one => one is Resynced anew ? anew.Missed : Enumerable.Repeat(one, 1))
        .OfType<Said>().Select(said => said.Text)];

    internal Task Ended => _reading;

    /// <summary>Waits until this text has arrived. Fails, naming the last events, if it does not, or if the stream ends before.</summary>
    internal async Task HeardAsync(string text, TimeSpan? limit = null)
    {
        try
        {
            await Eventually.BeTrueAsync(() => AllTexts.Contains(text) || _reading.IsCompleted, limit, $"heard {text}");
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}. {Last}", e);
        }

        if (AllTexts.Contains(text))
            return;
        await _reading;
        Assert.Fail($"The stream ended before {text}. {Last}");
    }

    private string Last => $"The last of {Events.Length} events: {string.Join(", ", Events.TakeLast(5))}";

    internal async Task<T> TheAsync<T>(Func<T, bool>? where = null, TimeSpan? limit = null)
        where T : ChatEvent
    {
        T? found = null;
        await Eventually.BeTrueAsync(
            () => (found = Events.OfType<T>().FirstOrDefault(where ?? (_ => true))) is not null, limit, $"a {typeof(T).Name}");
        return found!;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading.WithinAsync();
        _stop.Dispose();
    }

    private async Task ReadAsync(ChatClient client)
    {
        try
        {
            await foreach (ChatEvent one in client.ReadAsync(_stop.Token))
            {
                lock (_events)
                    _events.Add(one);
            }
        }
        catch (OperationCanceledException)
        {
            // The test has read enough.
        }
    }
}
