using System.Collections.Concurrent;
using System.Net.Sockets;
using ErlChat.Limits;
using ErlChat.Logging;
using ErlChat.Web.Listening;
using ErlChat.Web.Starting;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Peer;

/// <summary>Listens for peers with Kestrel's socket transport, and passes each to <see cref="PeerHandler"/>.</summary>
/// <remarks>
/// It is not another endpoint of the web server, because an endpoint that is added in code makes Kestrel ignore <c>--urls</c>, and it would
/// have the buffers and limits of HTTP.
/// </remarks>
internal sealed class PeerListener(
    PeerHandler handler,
    Admission admission,
    ConnectionLimits limits,
    IOptions<PeerOptions> options,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILoggerFactory loggers,
    ILogger<PeerListener> logger) : IHostedService
{
    /// <summary>How long peers have to end gracefully when the server stops.</summary>
    private static readonly TimeSpan s_soft = TimeSpan.FromMilliseconds(500);

    /// <summary>The pause after a failed accept.</summary>
    private static readonly TimeSpan s_acceptAgain = TimeSpan.FromSeconds(1);

    private readonly PeerOptions _options = options.Value;
    private readonly ConcurrentDictionary<ConnectionContext, Task> _peers = [];
    private IConnectionListener? _listener;
    private Task _accepting = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_options.Port == 0)
            return;
        var transport = new SocketTransportFactory(
            Options.Create(new SocketTransportOptions
            {
                MaxReadBufferSize = _options.MaxBuffered,
                MaxWriteBufferSize = _options.MaxBuffered,
            }),
            loggers);
        try
        {
            _listener = await transport.BindAsync(_options.EndPoint, cancellationToken);
        }
        catch (Exception e) when (e is AddressInUseException or SocketException)
        {
            if (_options.IsChosen)
                throw lifetime.Failed($"The peer port {_options.EndPoint} cannot be listened on: {e.Message}", e);
            PeerLog.PortTaken(logger, _options.EndPoint.ToString());
            return;
        }

        PeerLog.Listening(logger, _listener.EndPoint.ToString()!);
        _accepting = AcceptAsync(_listener);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_listener is null)
            return;
        await _listener.UnbindAsync(cancellationToken);
        await _accepting;

        // The handlers end on ApplicationStopping. Peers that do not read their last bytes in time are aborted.
        Task all = Task.WhenAll(_peers.Values);
        await all.WaitAsync(s_soft, TimeProvider.System, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (ConnectionContext peer in _peers.Keys)
            peer.Abort();
        await _listener.DisposeAsync();
    }

    private async Task AcceptAsync(IConnectionListener listener)
    {
        await Task.Yield();
        using var failing = new Outage(time, logger, PeerLog.AcceptFailedOver);
        using var turningAway = new Outage(time, logger, PeerLog.TurnedAwayOver, endsBySilence: true);
        using var handling = new Outage(time, logger, PeerLog.HandlerFailedOver, endsBySilence: true);
        while (true)
        {
            try
            {
                if (await listener.AcceptAsync() is not { } peer)
                    return;
                failing.Succeeded();
                IDisposable? place = null;
                if (_peers.Count >= _options.MaxConnections
                    || lifetime.ApplicationStopping.IsCancellationRequested
                    || (place = admission.Connect(limits.HostOf(peer.RemoteEndPoint), out _)) is null)
                {
                    if (turningAway.Failed())
                        PeerLog.TurnedAway(logger, peer.RemoteEndPoint?.ToString() ?? "unknown", _peers.Count);
                    await peer.DisposeAsync();
                    continue;
                }

                var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _peers[peer] = running.Task;
                _ = HandleAsync(peer, running, place, handling);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // A connection could not be accepted, or there is no free descriptor. Keep accepting.
                if (failing.Failed())
                    PeerLog.AcceptFailed(logger, e);
                await Task.Delay(s_acceptAgain, time, lifetime.ApplicationStopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (lifetime.ApplicationStopping.IsCancellationRequested)
                    return;
            }
        }
    }

    private async Task HandleAsync(ConnectionContext peer, TaskCompletionSource running, IDisposable place, Outage failing)
    {
        await Task.Yield();
        try
        {
            await HandleAsync(peer, failing);

            // Disposing sends what is left, which would wait forever for a peer that does not read.
            await using ITimer limit = time.CreateTimer(
                static peer => ((ConnectionContext)peer!).Abort(), peer, _options.IdleTimeout, Timeout.InfiniteTimeSpan);
            await peer.DisposeAsync();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Failed(peer, failing, e);
        }
        finally
        {
            place.Dispose();
            _peers.TryRemove(peer, out _);
            running.TrySetResult();
        }
    }

    /// <summary>Serves a peer until it ends. If its handler fails, the connection is aborted.</summary>
    private async Task HandleAsync(ConnectionContext peer, Outage failing)
    {
        try
        {
            await handler.OnConnectedAsync(peer);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Failed(peer, failing, e);
            peer.Abort();
        }
    }

    private void Failed(ConnectionContext peer, Outage failing, Exception exception)
    {
        if (failing.Failed())
            PeerLog.HandlerFailed(logger, peer.RemoteEndPoint?.ToString() ?? "unknown", exception);
    }
}
