using ErlChat.History;
using ErlChat.Limits;
using ErlChat.Log;
using ErlChat.Settings;
using ErlChat.Snapshots;
using Microsoft.Extensions.Options;

namespace ErlChat.Testing;

/// <summary>Composes a whole chat without a server: room, post office, log, history, commands. The clock stands still and the log is in memory unless told otherwise.</summary>
public sealed class TestChatBuilder
{
    private readonly ChatOptions _options = new();
    private LimitOptions _limits = new();
    private TimeProvider _time = new ManualTimeProvider();
    private IChatLog? _log;
    private IChatHistory? _history;
    private ISnapshotStore? _snapshots;

    /// <summary>Changes the options.</summary>
    public TestChatBuilder With(Action<ChatOptions> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        change(_options);
        return this;
    }

    /// <summary>Lets everybody send as fast as they can, from as many sessions as they like.</summary>
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

    /// <summary>The chat, not reading its log yet.</summary>
    public TestChat Build()
    {
        IOptions<ChatOptions> options = Options.Create(_options);
        return new TestChat(options, _time, _log ?? new MemoryLog(), _history ?? new MemoryHistory(options), _limits, _snapshots);
    }

    /// <summary>The chat, started.</summary>
    public async Task<TestChat> StartAsync()
    {
        TestChat chat = Build();
        await chat.Room.StartAsync(CancellationToken.None);
        return chat;
    }
}
