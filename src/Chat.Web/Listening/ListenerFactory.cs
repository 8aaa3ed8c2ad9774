using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Listening;

/// <summary>
/// Kestrel's socket transport, which names the address that cannot be listened on, and takes away a Unix socket that nobody listens on any
/// more: a server that was killed leaves its own behind, and the next one could never start.
/// </summary>
internal sealed class ListenerFactory(IOptions<SocketTransportOptions> options, AcceptPace pace, ILoggerFactory loggers)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    /// <summary>What the system says of a socket that is opened as a file (ENXIO).</summary>
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

    /// <summary>Only what is a socket and refuses a connection is taken away.</summary>
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
            // Whatever it is, the bind says that it is in the way.
            return;
        }

        throw new IOException($"{path} is in use by another server.");
    }

    /// <summary>
    /// A connection to an ordinary file or a pipe is refused too, but only a socket cannot be opened for a reason of its own. To read and
    /// write: to open a pipe only to read would wait for its writer.
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
