using ErlChat.History;
using ErlChat.Limits;
using ErlChat.Log;
using ErlChat.Nodes;
using ErlChat.Settings;
using ErlChat.Snapshots;
using Microsoft.Extensions.Options;

namespace ErlChat.Testing;

/// <summary>
/// Builds a whole chat without a server: room, post office, log, history and commands. By default the clock stands still and the log is in
/// memory.
/// </summary>
public sealed class TestChatBuilder
{
    private readonly ChatOptions _options = new();
    private LimitOptions _limits = new();
    private TimeProvider _time = new ManualTimeProvider();
    private IChatLog? _log;
    private IChatHistory? _history;
    private ISnapshotStore? _snapshots;
    private INodes? _nodes;

    /// <summary>Changes the options.</summary>
    public TestChatBuilder With(Action<ChatOptions> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        change(_options);
        return this;
    }

    /// <summary>Removes the limits on messages and sessions.</summary>
    public TestChatBuilder WithoutLimits() =>
        WithLimits(LimitOptions.Off()).With(options => (options.RateLimitCount, options.MaxSessionsPerHost) = (100_000, 1_000_000));

    /// <summary>Sets the limits of addresses and of the server.</summary>
    public TestChatBuilder WithLimits(LimitOptions limits)
    {
        _limits = limits;
        return this;
    }

    public TestChatBuilder WithTime(TimeProvider time)
    {
        _time = time;
        return this;
    }

    public TestChatBuilder WithRealTime() => WithTime(TimeProvider.System);

    public TestChatBuilder WithLog(IChatLog log)
    {
        _log = log;
        return this;
    }

    public TestChatBuilder WithHistory(IChatHistory history)
    {
        _history = history;
        return this;
    }

    public TestChatBuilder WithSnapshots(ISnapshotStore snapshots)
    {
        _snapshots = snapshots;
        return this;
    }

    /// <summary>Makes the chat one node of several.</summary>
    public TestChatBuilder WithNodes(INodes nodes)
    {
        _nodes = nodes;
        return this;
    }

    /// <summary>Builds the chat without starting it.</summary>
    public TestChat Build()
    {
        IOptions<ChatOptions> options = Options.Create(_options);
        return new TestChat(options, _time, _log ?? new MemoryLog(), _history ?? new MemoryHistory(options), _limits, _snapshots, _nodes);
    }

    /// <summary>Builds and starts the chat.</summary>
    public async Task<TestChat> StartAsync()
    {
        TestChat chat = Build();
        await chat.Room.StartAsync(CancellationToken.None);
        return chat;
    }
}
