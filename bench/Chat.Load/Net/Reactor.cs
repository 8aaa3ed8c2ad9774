using System.Collections.Concurrent;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace ErlChat.Load.Net;

/// <summary>
/// One thread that does all the work of the client. It waits for sockets with epoll, reads and answers at once, runs timers, and runs the
/// async code of the measurements (it is their synchronisation context). So no code here needs a lock, and a delivery costs little more
/// than a receive and a send.
/// </summary>
internal sealed unsafe class Reactor : SynchronizationContext, IDisposable
{
    private const int EventsAtOnce = 512;

    private readonly int _epoll = Check(Native.EpollCreate(Native.CloseOnExec));
    private readonly int _bell = Check(Native.EventFd(0, Native.CloseOnExec | Native.NonBlock));
    private readonly ConcurrentQueue<(SendOrPostCallback Callback, object? State)> _posted = new();
    private readonly PriorityQueue<Action, long> _timers = new();
    private readonly byte[] _events = new byte[EventsAtOnce * Native.EventSize];
    private Connection?[] _connections = new Connection?[1024];

    private Reactor() => Watch(Native.EpollAdd, _bell, Native.EpollIn);

    /// <summary>The buffer into which every connection receives. The next event overwrites it.</summary>
    internal byte[] ReceiveBuffer { get; } = new byte[8 * 1024 * 1024];

    /// <summary>The buffer into which requests are written before they are sent.</summary>
    internal byte[] SendBuffer { get; } = new byte[16 * 1024];

    /// <summary>Parses HTTP for all connections of this thread.</summary>
    internal HttpFraming Http { get; } = new();

    /// <summary>Runs <paramref name="main"/> and everything it starts on the calling thread, until it has finished.</summary>
    internal static T Run<T>(Func<Reactor, Task<T>> main)
    {
        using var reactor = new Reactor();
        SynchronizationContext? before = Current;
        SetSynchronizationContext(reactor);
        try
        {
            Task<T> task = main(reactor);
            while (!task.IsCompleted)
                reactor.Turn();
            return task.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    /// <summary>Calls back at the given time, up to a millisecond late.</summary>
    internal void At(long timestamp, Action callback) => _timers.Enqueue(callback, timestamp);

    internal Task DelayAsync(TimeSpan time)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        At(Clock.Now + Clock.Ticks(time), () => done.TrySetResult());
        return done.Task;
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        _posted.Enqueue((d, state));
        if (Current != this)
            Ring();
    }

    public override void Send(SendOrPostCallback d, object? state) => Post(d, state);

    internal void Add(Connection connection, int file, bool writing)
    {
        if (file >= _connections.Length)
            Array.Resize(ref _connections, Math.Max(file + 1, _connections.Length * 2));
        _connections[file] = connection;
        Watch(Native.EpollAdd, file, Native.EpollIn | (writing ? Native.EpollOut : 0));
    }

    internal void Modify(int file, bool writing) => Watch(Native.EpollModify, file, Native.EpollIn | (writing ? Native.EpollOut : 0));

    internal void Remove(int file) => _connections[file] = null;

    public void Dispose()
    {
        _ = Native.Close(_bell);
        _ = Native.Close(_epoll);
    }

    internal static int Check(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    private void Turn()
    {
        // Runs only what was posted before: code that keeps posting must not keep the sockets waiting.
        for (int n = _posted.Count; n > 0 && _posted.TryDequeue(out (SendOrPostCallback Callback, object? State) item); n--)
            item.Callback(item.State);
        while (_timers.TryPeek(out Action? due, out long time) && time <= Clock.Now)
        {
            _timers.Dequeue();
            due();
        }

        int patience = _posted.IsEmpty ? Patience() : 0;
        fixed (byte* events = _events)
        {
            int count = Native.EpollWait(_epoll, events, EventsAtOnce, patience);
            for (int i = 0; i < count; i++)
            {
                byte* one = events + i * Native.EventSize;
                Happened(*(int*)(one + Native.EventData), *(int*)one);
            }
        }
    }

    private int Patience() =>
        _timers.TryPeek(out _, out long time) ? (int)Math.Clamp(Math.Ceiling(Clock.Milliseconds(time - Clock.Now)), 0, 1000) : 1000;

    private void Happened(int file, int what)
    {
        if (file == _bell)
        {
            long count;
            _ = Native.Read(_bell, (byte*)&count, sizeof(long));
        }
        else
        {
            _connections[file]?.Happened((what & Native.EpollOut) != 0, (what & ~Native.EpollOut) != 0);
        }
    }

    private void Ring()
    {
        long one = 1;
        _ = Native.Write(_bell, (byte*)&one, sizeof(long));
    }

    private void Watch(int operation, int file, int events)
    {
        byte* what = stackalloc byte[16];
        *(int*)what = events;
        *(long*)(what + Native.EventData) = file;
        Check(Native.EpollControl(_epoll, operation, file, what));
    }
}
