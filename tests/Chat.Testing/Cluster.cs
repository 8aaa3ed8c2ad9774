using ErlChat.Mailboxes;
using ErlChat.Sessions;

namespace ErlChat.Testing;

/// <summary>
/// Several complete chats over one log, like the nodes of a site. They are called <c>node-0</c>, <c>node-1</c> and so on; <c>node-0</c> is
/// the leader. They share a clock.
/// </summary>
public sealed class Cluster : IAsyncDisposable
{
    private readonly List<TestChat> _chats = [];
    private readonly List<TestNodes> _nodes = [];
    private readonly List<NodeLog> _logs = [];

    private Cluster(TimeProvider time) => Time = time;

    public SharedLog Log { get; } = new();

    public TimeProvider Time { get; }

    public ManualTimeProvider Clock => (ManualTimeProvider)Time;

    public int Count => _chats.Count;

    public TestChat this[int node] => _chats[node];

    /// <summary>Starts a number of nodes.</summary>
    /// <param name="time">Their clock; one that stands still by default.</param>
    /// <param name="change">Changes each node's builder.</param>
    public static async Task<Cluster> StartAsync(int count, TimeProvider? time = null, Action<TestChatBuilder>? change = null)
    {
        var cluster = new Cluster(time ?? new ManualTimeProvider());
        for (int i = 0; i < count; i++)
            await cluster.AddAsync(change);
        return cluster;
    }

    /// <summary>Starts one more node, which replays the whole log.</summary>
    public async Task<TestChat> AddAsync(Action<TestChatBuilder>? change = null)
    {
        var nodes = new TestNodes($"node-{Count}") { IsLeader = Count == 0 };
        NodeLog log = Log.View();
        TestChatBuilder builder = new TestChatBuilder().WithoutLimits().WithTime(Time).WithLog(log).WithNodes(nodes)
            .WithSnapshots(new ReplayTo(Log));
        change?.Invoke(builder);
        TestChat chat = await builder.StartAsync();
        _chats.Add(chat);
        _nodes.Add(nodes);
        _logs.Add(log);
        return chat;
    }

    /// <summary>What a node knows about the others.</summary>
    public TestNodes NodesOf(int node) => _nodes[node];

    /// <summary>A node's view of the log.</summary>
    public NodeLog LogOf(int node) => _logs[node];

    /// <summary>Makes all nodes believe that a node is dead.</summary>
    public void Bury(int node)
    {
        foreach (TestNodes nodes in _nodes)
            nodes.Bury($"node-{node}");
    }

    /// <summary>Waits until nodes have applied everything that is in the log; by default all that are not held.</summary>
    public async Task AppliedAsync(params int[] nodes)
    {
        long newest = Log.Newest;
        foreach (int node in nodes.Length > 0 ? nodes : [.. Enumerable.Range(0, Count).Where(node => !_logs[node].IsHeld)])
            await Eventually.BeTrueAsync(() => _chats[node].Office.Head >= newest, what: $"node-{node} has applied {newest}");
    }

    /// <summary>The name of the node that serves a session, as a node knows it.</summary>
    public string? HomeOf(SessionKey session, int askedNode = 0) => _chats[askedNode].Room.Find(session)?.ServedBy;

    /// <summary>Parks a poll of a session at a node, for longer than any test lasts.</summary>
    public Task<MailRead> ParkAsync(int node, TestSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return BoxAt(node, session).ReadAsync(session.Cursor, true, TimeSpan.FromHours(1), CancellationToken.None).AsTask();
    }

    /// <summary>Reads a session's mail at a node without waiting, by default from the session's own cursor.</summary>
    public Task<MailRead> ReadAsync(int node, TestSession session, long? cursor = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        return BoxAt(node, session).ReadAsync(cursor ?? session.Cursor, true, TimeSpan.Zero, CancellationToken.None).WithinAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (NodeLog log in _logs)
            log.Release();
        foreach (TestChat chat in _chats)
            await chat.DisposeAsync();
    }

    private Mailbox BoxAt(int node, TestSession session) => _chats[node].Office.Find(session.Key)!;
}
