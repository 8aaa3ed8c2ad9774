using System.Buffers;
using System.Net;
using ErlChat.Limits;
using ErlChat.Sessions;
using ErlChat.Web.Site;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Listening;

/// <summary>
/// Limits the open connections, per address and in total. This is a Kestrel connection middleware in front of the fast lane and of TLS. A
/// connection above the limit is closed. If it uses plain HTTP, it is answered with 429 or 503 first. Thread-safe.
/// </summary>
internal sealed partial class ConnectionLimits
{
    /// <summary>How many refused connections may stay open for a moment to receive their answer. Others are closed at once.</summary>
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

    /// <summary>
    /// The address that a connection counts for. Null for a Unix socket and for a trusted proxy, whose connections belong to many users.
    /// </summary>
    internal string? HostOf(EndPoint? peer)
    {
        if (peer is not IPEndPoint { Address: var address })
            return null;
        return _web.Trusts(address) ? null : HostAddress.Of(address);
    }

    /// <summary>Applies the limit before an endpoint handles its connections.</summary>
    /// <param name="keep">
    /// Serves a connection and disposes its place when the connection has ended. Awaiting it here instead would double the memory of an
    /// idle connection.
    /// </param>
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

            // If the connection were closed with the request unread, the client might never see the answer.
            using var limit = new CancellationTokenSource(s_leaving, _time);
            System.IO.Pipelines.ReadResult read = await connection.Transport.Input.ReadAsync(limit.Token);
            connection.Transport.Input.AdvanceTo(read.Buffer.End);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ConnectionAbortedException)
        {
            // The client sent nothing or has gone.
        }
        finally
        {
            if (isPlain)
                Interlocked.Decrement(ref _leaving);
        }
    }

    private static ReadOnlySpan<byte> TooMany =>
        "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\nConnection: close\r\nRetry-After: 10\r\n\r\n"u8;

    private static ReadOnlySpan<byte> Unavailable =>
        "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\nRetry-After: 10\r\n\r\n"u8;

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
