using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace ErlChat.Web.Tests.FastLane;

/// <summary>
/// A transport for Kestrel without sockets, on which a hundred thousand connections take seconds. Addresses are numbered in the order of
/// binding.
/// </summary>
internal sealed class MemoryTransport : IConnectionListenerFactory, IMemoryPoolFeature
{
    private readonly List<Listener> _listeners = [];

    /// <summary>
    /// The pool from which Kestrel gets its buffers. It has to be Kestrel's own pool, or Kestrel would behave differently when it writes to
    /// a connection that is gone.
    /// </summary>
    internal MemoryPool<byte> Memory { get; set; } = MemoryPool<byte>.Shared;

    MemoryPool<byte> IMemoryPoolFeature.MemoryPool => Memory;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var listener = new Listener(endpoint);
        _listeners.Add(listener);
        return ValueTask.FromResult<IConnectionListener>(listener);
    }

    /// <summary>Connects. Returns the client's side.</summary>
    internal IDuplexPipe Connect(int address)
    {
        // Inline on the server's side, so that the server sees each piece that is sent as a separate read, as it would see TCP segments.
        var up = new Pipe(new PipeOptions(readerScheduler: PipeScheduler.Inline, useSynchronizationContext: false));
        var down = new Pipe(new PipeOptions(useSynchronizationContext: false));
        var connection = new Connection(new Duplex(up.Reader, down.Writer))
        {
            LocalEndPoint = new IPEndPoint(IPAddress.Loopback, 8000 + address),
            RemoteEndPoint = new IPEndPoint(IPAddress.Loopback, 40_000),
        };
        connection.Features.Set<IMemoryPoolFeature>(this);
        Assert.True(_listeners[address].Accepted.Writer.TryWrite(connection));
        return new Duplex(down.Reader, up.Writer);
    }

    private sealed class Listener(EndPoint endPoint) : IConnectionListener
    {
        internal Channel<ConnectionContext> Accepted { get; } = Channel.CreateUnbounded<ConnectionContext>();

        public EndPoint EndPoint => endPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
            await Accepted.Reader.WaitToReadAsync(cancellationToken) && Accepted.Reader.TryRead(out ConnectionContext? connection)
                ? connection
                : null;

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            Accepted.Writer.TryComplete();
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => UnbindAsync();
    }

    /// <summary>Closes its side of the pipes when Kestrel has finished with it, as a socket does.</summary>
    private sealed class Connection : DefaultConnectionContext
    {
        private readonly IDuplexPipe _pipes;

        internal Connection(IDuplexPipe pipes)
            : base(Guid.NewGuid().ToString("N")) => Transport = _pipes = pipes;

        // The base implementation may still be running when the connection is gone.
        public override void Abort(ConnectionAbortedException abortReason) => _pipes.Input.CancelPendingRead();

        public override async ValueTask DisposeAsync()
        {
            await _pipes.Input.CompleteAsync();
            await _pipes.Output.CompleteAsync();
            await base.DisposeAsync();
        }
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
