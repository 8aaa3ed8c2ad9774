using System.Net;
using System.Net.Sockets;

namespace ErlChat.Testing;

/// <summary>Ports of 127.0.0.1 for servers that are stopped and started again.</summary>
public static class LoopbackPort
{
    /// <summary>
    /// A free port below the range from which the system assigns ports to outgoing connections, so that it is still free after a restart.
    /// </summary>
    public static int Free()
    {
        while (true)
        {
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            int port = Random.Shared.Next(20_000, 32_000);
            try
            {
                probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // The port is taken. Try another.
            }
        }
    }
}
