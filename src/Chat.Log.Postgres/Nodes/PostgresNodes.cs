using System.Collections.Concurrent;
using ErlChat.Nodes;
using ErlChat.Postgres.Connections;
using ErlChat.Serialization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ErlChat.Postgres.Nodes;

/// <summary>
/// This node among the nodes that share the database. It claims its name at the start, shows every two seconds that it lives, takes leases
/// on work that one node does for all, and declares nodes dead that show nothing.
/// </summary>
/// <remarks>Thread-safe. Questions are answered from the last heartbeat, without asking the database.</remarks>
internal sealed partial class PostgresNodes : INodes, ILeases, IHostedLifecycleService, IAsyncDisposable
{
    private static readonly string[] s_works = Enum.GetNames<ElectedWork>();

    private readonly Func<CancellationToken, Task> _open;
    private readonly Primary _primary;
    private readonly NodeOptions _options;
    private readonly INodeReporter _reporter;
    private readonly SharedTries _tries;
    private readonly NodeTimes _times;
    private readonly TimeProvider _time;
    private readonly ILogger<PostgresNodes> _logger;
    private readonly Action<string> _lost;
    private readonly CancellationTokenSource _stopping = new();
    private readonly BeatResult _noBeat;

    /// <summary>Names that were asked about and are unknown, each with the time of the first question.</summary>
    private readonly ConcurrentDictionary<string, long> _unknown = new(StringComparer.Ordinal);

    private volatile BeatResult _lastBeat;
    private PrimaryConnection? _connection;
    private Task _beating = Task.CompletedTask;
    private NodeClaim? _claim;
    private NodeWatch? _watch;
    private TryTable? _tryTable;
    private bool _isFailing;
    private bool _isDisposed;

    /// <param name="open">Opens the database, and waits until it is there.</param>
    /// <param name="primary">Opens connections.</param>
    /// <param name="options">The node's name and cookie, which must be set.</param>
    /// <param name="reporter">Describes this node.</param>
    /// <param name="tries">The password tries that the nodes tell each other.</param>
    /// <param name="times">The times.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    /// <param name="lost">Called with a line for the operator when another run has taken this node's name: this one must stop.</param>
    internal PostgresNodes(
        Func<CancellationToken, Task> open,
        Primary primary,
        NodeOptions options,
        INodeReporter reporter,
        SharedTries tries,
        NodeTimes times,
        TimeProvider time,
        ILogger<PostgresNodes> logger,
        Action<string> lost)
    {
        (_open, _primary, _options, _reporter, _tries) = (open, primary, options, reporter, tries);
        (_times, _time, _logger, _lost) = (times, time, logger, lost);
        _noBeat = new BeatResult(null, time.GetTimestamp(), time.GetTimestamp(), new Dictionary<string, long>());
        _lastBeat = _noBeat;
    }

    /// <summary>The kinds of entries that this node knows.</summary>
    internal IReadOnlyCollection<string> Kinds { get; init; } = EntryCodec.Kinds.Keys;

    /// <summary>The kinds that every program knows.</summary>
    internal IReadOnlySet<string> OldestKinds { get; init; } = EntryCodec.OldestKinds;

    public string? Self => Name;

    public IReadOnlyList<NodeView> All
    {
        get
        {
            BeatResult last = _lastBeat;
            return last.Picture is { IsOpen: true } picture
                ? [.. picture.Views(_time.GetElapsedTime(last.At))]
                : [new NodeView(Name, _reporter.Version, "", 0, TimeSpan.Zero, true, _time.GetUtcNow())];
        }
    }

    public bool IsDead(string node)
    {
        BeatResult last = _lastBeat;
        if (last.Picture is not { } picture || !picture.IsDead(node, _time.GetElapsedTime(last.At)))
            return false;

        // An unknown node may have started after the last heartbeat. The next one tells.
        return picture.Knows(node) || last.Asked > _unknown.GetOrAdd(node, static (_, time) => time.GetTimestamp(), _time);
    }

    public bool Leads(ElectedWork work) => TermOf(work) is not null;

    public bool AllKnow(string kind)
    {
        if (OldestKinds.Contains(kind))
            return true;
        BeatResult last = _lastBeat;
        return _time.GetElapsedTime(last.At) < _times.Lease && last.Picture?.AllKnow(kind) == true;
    }

    public WorkTerm? TermOf(ElectedWork work)
    {
        BeatResult last = _lastBeat;
        return _claim is { } claim
            && last.Terms.TryGetValue(work.ToString(), out long term)
            && _time.GetElapsedTime(last.Asked) < _times.OwnLease
                ? new WorkTerm(work.ToString(), claim.Origin, term)
                : null;
    }

    /// <summary>
    /// Claims the name, and waits for the database and for an earlier run's lease if necessary. The server does not listen before that.
    /// </summary>
    /// <exception cref="NodeRefusedException">The node must not start.</exception>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await _open(cancellationToken);

        // Only now, because the origin is the chat room's, which knows this node.
        var claim = new NodeClaim(_reporter.Origin, Name, _options.Cookie!, _reporter.Version, Kinds);
        await new NameClaim(_primary, claim, _times, _time, _logger).TakeAsync(cancellationToken);
        (_claim, _watch) = (claim, new NodeWatch(_times, claim.Name, claim.Origin));
        _tryTable = new TryTable(_tries, claim.Origin);
        await BeatOnceAsync(cancellationToken);
        _beating = RunHeartbeatAsync();
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends the run, after the chat room's last entry or when the log has ended. It may be called several times.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _beating;
        _lastBeat = _noBeat;
        if (_claim is not { } claim)
            return;
        _claim = null;
        try
        {
            PrimaryConnection connection = _connection ??= await _primary.OpenAsync(cancellationToken);
            await connection.AnswerAsync(NodeTable.StopAsync(connection.Connection, claim.Origin), cancellationToken)
                .WaitAsync(_times.Beat, _time, cancellationToken);
        }
        catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException or OperationCanceledException)
        {
            // The others find out when the lease is over.
        }

        _connection?.Dispose();
        _connection = null;
    }

    /// <summary>Ends the run of a node whose start failed after it had claimed its name. It may be called several times.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        await StopAsync(CancellationToken.None);
        _stopping.Dispose();
    }

    private string Name => _options.Name!;

    private string Origin => _claim!.Origin;

    private async Task RunHeartbeatAsync()
    {
        TimeSpan pause = _times.Beat;
        while (!_stopping.IsCancellationRequested)
        {
            await Task.Delay(pause, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_stopping.IsCancellationRequested)
                pause = await BeatOnceAsync(_stopping.Token);
        }
    }

    /// <summary>Beats once, and returns the time until the next heartbeat.</summary>
    private async Task<TimeSpan> BeatOnceAsync(CancellationToken cancellationToken)
    {
        long begun = _time.GetTimestamp();
        try
        {
            await BeatAsync(cancellationToken);
            if (_isFailing)
                Log.Beats(_logger, Name);
            _isFailing = false;

            // From start to start, so that a slow answer does not make the others wait longer for the next one.
            TimeSpan left = _times.Beat - _time.GetElapsedTime(begun);
            return left > _times.Retry ? left : _times.Retry;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _connection?.Dispose();
            _connection = null;
            if (!_isFailing && !cancellationToken.IsCancellationRequested)
                Log.BeatFailed(_logger, Name, e.Message);
            _isFailing = true;
            return _times.Retry;
        }
    }

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        if (_connection is { IsOutdated: true })
        {
            _connection.Dispose();
            _connection = null;
        }

        PrimaryConnection connection = _connection ??= await _primary.OpenAsync(cancellationToken);
        long asked = _time.GetTimestamp();
        NodeReport report = _reporter.Read();
        BeatAnswer answer = await connection.AnswerAsync(
            NodeTable.BeatAsync(connection.Connection, Origin, report, s_works, _times.Lease),
            cancellationToken);
        BeatResult before = _lastBeat;
        long at = _time.GetTimestamp();
        (NodePicture picture, IReadOnlyList<NodeRow> over) = _watch!.Look(answer.Rows, _time.GetElapsedTime(before.At, at));
        foreach (string work in answer.Terms.Keys.Where(work => !before.Terms.ContainsKey(work)))
            Log.Leads(_logger, Name, work, answer.Terms[work]);
        foreach (string work in before.Terms.Keys.Where(work => !answer.Terms.ContainsKey(work)))
            Log.LostLead(_logger, Name, work);
        _lastBeat = new BeatResult(picture, at, asked, answer.Terms);
        foreach (string name in _unknown.Keys.Where(picture.Knows))
            _unknown.TryRemove(name, out _);
        if (!picture.IsOpen)
        {
            await ResumeAsync(connection, picture);
            return;
        }

        foreach (NodeRow row in over)
        {
            if (await connection.AnswerAsync(NodeTable.CloseAsync(connection.Connection, row), cancellationToken))
                Log.DeclaredDead(_logger, row.Name, _times.Lease.TotalSeconds);
        }

        await connection.AnswerAsync(_tryTable!.ExchangeAsync(connection.Connection), cancellationToken);
        if (answer.Terms.ContainsKey(nameof(ElectedWork.Retention)) && !before.Terms.ContainsKey(nameof(ElectedWork.Retention)))
            await connection.AnswerAsync(NodeTable.RemoveOldAsync(connection.Connection, _times.Keep), cancellationToken);
    }

    /// <summary>The others have declared this run dead. It continues if its name is free.</summary>
    private async Task ResumeAsync(PrimaryConnection connection, NodePicture picture)
    {
        if (!picture.IsTaken && await connection.AnswerAsync(NodeTable.ReopenAsync(connection.Connection, _claim!), _stopping.Token))
        {
            Log.Resumed(_logger, Name);
            await BeatAsync(_stopping.Token);
            return;
        }

        string line = $"Another run of node {Name} has started while this one showed no sign of life. This one stops.";
        Log.Lost(_logger, line);
        await _stopping.CancelAsync();
        _lost(line);
    }

    /// <summary>What the last successful heartbeat brought.</summary>
    /// <param name="Picture">The nodes; null before the first heartbeat.</param>
    /// <param name="At">When the answer came.</param>
    /// <param name="Asked">When the question was sent: leases count from here.</param>
    /// <param name="Terms">The leases that this node holds.</param>
    private sealed record BeatResult(NodePicture? Picture, long At, long Asked, IReadOnlyDictionary<string, long> Terms);

    private static partial class Log
    {
        [LoggerMessage(732, LogLevel.Warning, "Node {Node}: a heartbeat failed: {Problem}", EventName = "HeartbeatFailed")]
        public static partial void BeatFailed(ILogger logger, string node, string problem);

        [LoggerMessage(703, LogLevel.Information, "Node {Node}: heartbeats succeed again.", EventName = "HeartbeatsSucceed")]
        public static partial void Beats(ILogger logger, string node);

        [LoggerMessage(704, LogLevel.Information, "Node {Node} leads {Work}, term {Term}.", EventName = "NodeLeads")]
        public static partial void Leads(ILogger logger, string node, string work, long term);

        [LoggerMessage(705, LogLevel.Information, "Node {Node} does not lead {Work} any more.", EventName = "NodeLostLead")]
        public static partial void LostLead(ILogger logger, string node, string work);

        [LoggerMessage(
            706,
            LogLevel.Warning,
            "Node {Node} is declared dead: it has shown no sign of life for {Seconds:0.#} s.",
            EventName = "NodeDeclaredDead")]
        public static partial void DeclaredDead(ILogger logger, string node, double seconds);

        [LoggerMessage(
            707,
            LogLevel.Warning,
            "Node {Node} had been declared dead by the others, because it showed no sign of life. It is back.",
            EventName = "NodeResumed")]
        public static partial void Resumed(ILogger logger, string node);

        [LoggerMessage(708, LogLevel.Critical, "{Line}", EventName = "NodeNameLost")]
        public static partial void Lost(ILogger logger, string line);
    }
}
