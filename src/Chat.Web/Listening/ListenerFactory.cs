using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Listening;

/// <summary>
/// Kestrel's socket transport with two additions. If it cannot listen on an address, the error names that address. It also removes a Unix
/// socket file that no process listens on: a killed server leaves one behind, which would keep the next server from starting.
/// </summary>
internal sealed class ListenerFactory(IOptions<SocketTransportOptions> options, AcceptPace pace, ILoggerFactory loggers)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    /// <summary>The error for opening a socket as a file (ENXIO).</summary>
    private const int NoSuchDevice = 6;

    private readonly SocketTransportFactory _sockets = new(options, loggers);

    public bool CanBind(EndPoint endpoint) => _sockets.CanBind(endpoint);

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        if (endpoint is UnixDomainSocketEndPoint unix)
            RemoveStale(unix);
        try
        {
            return new PacedListener(await _sockets.BindAsync(endpoint, cancellationToken), pace);
        }
        catch (SocketException e)
        {
            throw new IOException($"{endpoint} cannot be listened on: {e.Message}.", e);
        }
    }

    /// <summary>Removes the file only if it is a socket and refuses connections.</summary>
    private static void RemoveStale(UnixDomainSocketEndPoint endpoint)
    {
        string path = endpoint.ToString()!;
        if (!File.Exists(path))
            return;
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(endpoint);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused && IsSocket(path))
        {
            File.Delete(path);
            return;
        }
        catch (SocketException)
        {
            // Whatever it is, binding will fail and report it.
            return;
        }

        throw new IOException($"{path} is in use by another server.");
    }

    /// <summary>
    /// Ordinary files and pipes refuse connections too, but only opening a socket fails with ENXIO. The file is opened for reading and
    /// writing, because opening a pipe only for reading would wait for its writer.
    /// </summary>
    private static bool IsSocket(string path)
    {
        try
        {
            File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete).Dispose();
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
        catch (IOException e)
        {
            return e.HResult == NoSuchDevice;
        }
    }
}
