using System.Collections.Concurrent;
using System.Net.Sockets;
using ErlChat.Limits;
using ErlChat.Logging;
using ErlChat.Web.Hosting;
using ErlChat.Web.Limits;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Peer;

/// <summary>Listens for peers with Kestrel's socket transport, and gives each to <see cref="PeerHandler"/>.</summary>
/// <remarks>
/// A listener of its own, not one more endpoint of the web server: an endpoint that is added in code makes Kestrel ignore <c>--urls</c>, and its buffers and limits would
/// be those of HTTP.
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
    /// <summary>How long peers have to end softly when the server stops.</summary>
    private static readonly TimeSpan s_soft = TimeSpan.FromMilliseconds(500);

    /// <summary>The pause after an accept that failed.</summary>
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
            Options.Create(new SocketTransportOptions { MaxReadBufferSize = _options.MaxBuffered, MaxWriteBufferSize = _options.MaxBuffered }),
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

        // The handlers watch ApplicationStopping; who does not take its last bytes is cut off.
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
                // One connection that could not be had, or no descriptor for any: the next one is waited for.
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

            // Disposing sends what is left, for which a peer that does not read would be waited for without end.
            await using ITimer limit = time.CreateTimer(static peer => ((ConnectionContext)peer!).Abort(), peer, _options.IdleTimeout, Timeout.InfiniteTimeSpan);
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

    /// <summary>Serves a peer to its end. One whose handler failed is cut off, since nobody would read it any more.</summary>
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
