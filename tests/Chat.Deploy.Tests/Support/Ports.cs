using System.Net.Sockets;

namespace ErlChat.Deploy;

internal static class Ports
{
    /// <summary>A port of 127.0.0.1 that no process listened on a moment ago.</summary>
    internal static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
