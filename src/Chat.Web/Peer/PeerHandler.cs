using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Peer;

/// <summary>Serves one peer. Echoes every byte until the peer closes, has been silent for too long, or the server stops.</summary>
/// <remarks>The pipes limit its memory: while a peer does not read its echo, the server does not read from it.</remarks>
internal sealed class PeerHandler(
    IOptions<PeerOptions> options,
    PeerLines lines,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<PeerHandler> logger)
    : ConnectionHandler
{
    private readonly PeerOptions _options = options.Value;

    /// <summary>Runs as long as the connection lasts. Ends it gracefully: everything that was read is echoed first.</summary>
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        string peer = connection.RemoteEndPoint?.ToString() ?? "unknown";
        if (lines.MayWrite(logger))
            PeerLog.Connecting(logger, peer);
        try
        {
            await EchoAsync(connection, peer);
        }
        catch (OperationCanceledException)
        {
            if (!lifetime.ApplicationStopping.IsCancellationRequested && lines.MayWrite(logger))
                PeerLog.Idle(logger, peer);
        }
        catch (Exception e) when (e is IOException or ConnectionAbortedException)
        {
            if (lines.MayWrite(logger))
                PeerLog.Failed(logger, peer, e.Message);
        }

        if (lines.MayWrite(logger))
            PeerLog.Disconnected(logger, peer);
    }

    private async Task EchoAsync(ConnectionContext connection, string peer)
    {
        PipeReader input = connection.Transport.Input;
        PipeWriter output = connection.Transport.Output;
        var pace = new PeerPace(_options.BytesPerSecond, time);
        var reads = new PeerPace(_options.ReadsPerSecond, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
        await using ITimer idle = time.CreateTimer(
            static end => ((CancellationTokenSource)end!).Cancel(), end, _options.IdleTimeout, Timeout.InfiniteTimeSpan);
        while (true)
        {
            ReadResult read = await input.ReadAsync(end.Token);
            if (read.Buffer.Length > 0)
            {
                if (lines.MayWrite(logger))
                    PeerLog.Received(logger, peer, read.Buffer.Length);
                TimeSpan pause = pace.Spend(read.Buffer.Length);
                TimeSpan rest = reads.Spend(1);
                if (rest > pause)
                    pause = rest;
                foreach (ReadOnlyMemory<byte> piece in read.Buffer)
                    output.Write(piece.Span);
                input.AdvanceTo(read.Buffer.End);
                await FlushAsync(connection, end.Token);
                if (pause > TimeSpan.Zero)
                {
                    // The server is pausing, so this time does not count as the peer's silence.
                    idle.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                    await Task.Delay(pause, time, lifetime.ApplicationStopping);
                }

                idle.Change(_options.IdleTimeout, Timeout.InfiniteTimeSpan);
            }

            if (read.IsCompleted)
                return;
        }
    }

    /// <summary>
    /// Waits until the peer has read enough. If that takes too long, the connection is aborted, because a graceful close would have to wait
    /// for the peer too.
    /// </summary>
    private async Task FlushAsync(ConnectionContext connection, CancellationToken cancellationToken)
    {
        try
        {
            await connection.Transport.Output.FlushAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (!lifetime.ApplicationStopping.IsCancellationRequested)
        {
            connection.Abort(new ConnectionAbortedException("The peer does not take its echo."));
            throw;
        }
    }
}
