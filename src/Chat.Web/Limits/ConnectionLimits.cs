using System.Buffers;
using System.Net;
using ErlChat.Limits;
using ErlChat.Sessions;
using ErlChat.Web.Hosting;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Limits;

/// <summary>
/// Bounds the open connections, by address and in all: a Kestrel connection middleware before the fast lane and before TLS. One too many is answered 429 or 503 where the wire is plain
/// HTTP, and closed. Thread-safe.
/// </summary>
internal sealed partial class ConnectionLimits
{
    /// <summary>Refused connections that may stay a moment to be told why; others are closed at once.</summary>
    private const int MaxLeaving = 64;

    private static readonly TimeSpan s_leaving = TimeSpan.FromSeconds(1);

    private readonly Admission _admission;
    private readonly TimeProvider _time;
    private readonly WebOptions _web;
    private int _leaving;

    public ConnectionLimits(Admission admission, TimeProvider time, IOptions<WebOptions> web, ILogger<ConnectionLimits> logger)
    {
        (_admission, _time, _web) = (admission, time, web.Value);
        if (admission.ConnectionLimit is > 0 and < 4096)
            Log.Few(logger, admission.ConnectionLimit);
    }

    /// <summary>The address that a connection counts for: null for a trusted proxy's, which are its users', and for a Unix socket.</summary>
    internal string? HostOf(EndPoint? peer)
    {
        if (peer is not IPEndPoint { Address: var address })
            return null;
        return _web.Trusts(address) ? null : HostAddress.Of(address);
    }

    /// <summary>Puts the limit before what an endpoint does with its connections.</summary>
    /// <param name="keep">Serves a connection, and disposes its place when that has ended; it keeps it itself, since a task that waits for it would double what a quiet connection costs.</param>
    internal ConnectionDelegate Before(ListenOptions endpoint, Func<ConnectionContext, IDisposable, Task> keep) => connection =>
        _admission.Connect(HostOf(connection.RemoteEndPoint), out LimitScope full) is { } place
            ? keep(connection, place)
            : RefuseAsync(connection, full, isPlain: !endpoint.ToString()!.StartsWith("https", StringComparison.OrdinalIgnoreCase));

    internal static async Task KeepAsync(ConnectionDelegate next, ConnectionContext connection, IDisposable place)
    {
        using (place)
            await next(connection);
    }

    private async Task RefuseAsync(ConnectionContext connection, LimitScope full, bool isPlain)
    {
        try
        {
            if (!isPlain || Interlocked.Increment(ref _leaving) > MaxLeaving)
                return;
            connection.Transport.Output.Write(full == LimitScope.Server ? Unavailable : TooMany);
            await connection.Transport.Output.FlushAsync();

            // Closed with its request unread, the client might never see the answer.
            using var limit = new CancellationTokenSource(s_leaving, _time);
            System.IO.Pipelines.ReadResult read = await connection.Transport.Input.ReadAsync(limit.Token);
            connection.Transport.Input.AdvanceTo(read.Buffer.End);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ConnectionAbortedException)
        {
            // It said nothing, or is gone.
        }
        finally
        {
            if (isPlain)
                Interlocked.Decrement(ref _leaving);
        }
    }

    private static ReadOnlySpan<byte> TooMany => "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\nConnection: close\r\nRetry-After: 10\r\n\r\n"u8;

    private static ReadOnlySpan<byte> Unavailable => "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\nRetry-After: 10\r\n\r\n"u8;

    private static partial class Log
    {
        [LoggerMessage(
            171,
            LogLevel.Warning,
            "Only {Connections} connections can be open at a time, because of the process's limit of open files. Raise that limit "
                + "(ulimit -n, LimitNOFILE) or set Limits:Connections:Server.",
            EventName = "FewConnections")]
        public static partial void Few(ILogger logger, int connections);
    }
}
