using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using ErlChat.Web.FastLane;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.DependencyInjection;

namespace ErlChat.Web.Tests.FastLane;

/// <summary>
/// The lane of one connection, without sockets and without Kestrel. The test plays the client, the transport, the heartbeat and the
/// pipeline after the lane.
/// </summary>
internal sealed class OneLane : IAsyncDisposable
{
    private readonly ChatServerHost _server;
    private readonly Pipe _up = new(new PipeOptions(readerScheduler: PipeScheduler.Inline, useSynchronizationContext: false));
    private readonly Pipe _down;
    private readonly Connection _connection;

    private OneLane(ChatServerHost server, long mostUnread)
    {
        _server = server;
        // Inline, as the transport's pipes are: the thread that reads also runs the code that waited for it.
        _down = new Pipe(new PipeOptions(
            writerScheduler: PipeScheduler.Inline,
            pauseWriterThreshold: mostUnread,
            resumeWriterThreshold: mostUnread / 2,
            useSynchronizationContext: false));
        _connection = new Connection(new Duplex(_up.Reader, _down.Writer));
    }

    /// <summary>A poll without a session: it is answered at once, and over the lane.</summary>
    internal const string Poll = "GET /chat/wait/?msg_id=1 HTTP/1.1\r\nHost: h\r\n\r\n";

    internal ManualTimeProvider Clock => _server.Clock;

    /// <summary>Why the lane aborted the connection. Null as long as it has not.</summary>
    internal ConnectionAbortedException? Aborted => _connection.Aborted;

    /// <summary>What the ordinary pipeline reads from.</summary>
    internal PipeReader PipelineInput => _connection.Transport.Input;

    internal TimeSpan SendTimeout => _server.Services.GetRequiredService<Lane>().SendTimeout;

    internal TimeSpan KeepAlive => _server.Services.GetRequiredService<Lane>().KeepAlive;

    /// <param name="mostUnread">How many bytes of answers may be unread before the lane has to wait. 0 for any number.</param>
    internal static async Task<OneLane> StartAsync(long mostUnread = 64 * 1024) => new(await ChatServerHost.StartStillAsync(), mostUnread);

    /// <summary>Serves the connection. <paramref name="ordinary"/> is the pipeline after the lane. By default it ends at once.</summary>
    internal Task RunAsync(Func<PipeReader, Task>? ordinary = null) =>
        RunBothWaysAsync(pipes => ordinary?.Invoke(pipes.Input) ?? Task.CompletedTask);

    /// <summary>Serves the connection with a pipeline after the lane that also writes answers.</summary>
    internal Task RunBothWaysAsync(Func<IDuplexPipe, Task> ordinary) =>
        _server.Services.GetRequiredService<Lane>().Before(connection => ordinary(connection.Transport))(_connection);

    /// <summary>The client sends a text.</summary>
    internal async Task SayAsync(string text) => await _up.Writer.WriteAsync(Encoding.Latin1.GetBytes(text)).WithinAsync();

    /// <summary>
    /// Runs a pipeline after the lane that reads one request and waits for the next. The inner task returns the thread on which it then
    /// continues.
    /// </summary>
    internal async Task<Task<Thread>> StartPipelineReaderAsync()
    {
        const string request = "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n";
        var waits = new TaskCompletionSource<Task<Thread>>(TaskCreationOptions.RunContinuationsAsynchronously);
        await SayAsync(request);
        _ = RunAsync(async input =>
        {
            ReadResult first = await input.ReadAsync();
            input.AdvanceTo(first.Buffer.GetPosition(request.Length));
            Task<ReadResult> next = input.ReadAsync().AsTask();
            waits.SetResult(ContinuationThreadAsync(next));
            input.AdvanceTo((await next).Buffer.End);
        });
        return await waits.Task.WithinAsync();
    }

    /// <summary>The thread on which code that awaits the task continues.</summary>
    internal static Task<Thread> ContinuationThreadAsync(Task task) =>
        task.ContinueWith(
            static _ => Thread.CurrentThread, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    /// <summary>Runs an action that the transport sees on a thread that waits for sockets. Returns that thread.</summary>
    internal static async Task<Thread> OnSocketThreadAsync(Action action)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            action();
            done.SetResult();
        });
        thread.Start();
        await done.Task.WithinAsync();
        return thread;
    }

    /// <summary>The client will send no more. With <paramref name="failure"/>, the transport found out that the client is gone.</summary>
    internal void CompleteInput(Exception? failure = null) => _up.Writer.Complete(failure);

    /// <summary>Kestrel asks for the connection to be closed.</summary>
    internal void RequestClose() => _connection.RequestClose();

    /// <summary>Runs one heartbeat.</summary>
    internal void Beat() => _connection.Beat();

    /// <summary>Reads and returns all answers so far.</summary>
    internal string Answers()
    {
        if (!_down.Reader.TryRead(out ReadResult read))
            return "";
        string text = Encoding.Latin1.GetString(read.Buffer.ToArray());
        _down.Reader.AdvanceTo(read.Buffer.End);
        return text;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private sealed class Connection : DefaultConnectionContext, IConnectionHeartbeatFeature, IConnectionLifetimeNotificationFeature
    {
        private readonly CancellationTokenSource _closing = new();
        private readonly List<(Action<object> Action, object State)> _heart = [];

        internal Connection(IDuplexPipe pipes)
            : base("one")
        {
            Transport = pipes;
            Features.Set<IConnectionHeartbeatFeature>(this);
            Features.Set<IConnectionLifetimeNotificationFeature>(this);
            ConnectionClosedRequested = _closing.Token;
        }

        public CancellationToken ConnectionClosedRequested { get; set; }

        internal ConnectionAbortedException? Aborted { get; private set; }

        public void OnHeartbeat(Action<object> action, object state) => _heart.Add((action, state));

        public override void Abort(ConnectionAbortedException abortReason) => Aborted = abortReason;

        public void RequestClose() => _closing.Cancel();

        internal void Beat() => _heart.ForEach(one => one.Action(one.State));
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
