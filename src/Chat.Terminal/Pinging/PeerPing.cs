using System.Net.Sockets;
using System.Text;

namespace ErlChat.Terminal.Pinging;

/// <summary>The client side of the peer port: sends a text and checks that the same text comes back.</summary>
internal static class PeerPing
{
    private const int Rounds = 5;

    /// <summary>The median round trip; null if nothing listens there, or if something other than the text comes back.</summary>
    internal static async Task<TimeSpan?> RunAsync(
        string host,
        int port,
        TimeSpan limit,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            using var peer = new TcpClient { NoDelay = true };
            await peer.ConnectAsync(host, port, either.Token);
            NetworkStream stream = peer.GetStream();
            var trips = new TimeSpan[Rounds];
            for (int i = 0; i < Rounds; i++)
            {
                byte[] text = Encoding.UTF8.GetBytes($"ping {Guid.NewGuid():N}\n");
                byte[] echo = new byte[text.Length];
                long sent = time.GetTimestamp();
                await stream.WriteAsync(text, either.Token);
                await stream.ReadExactlyAsync(echo, either.Token);
                trips[i] = time.GetElapsedTime(sent);
                if (!echo.AsSpan().SequenceEqual(text))
                    return null;
            }

            Array.Sort(trips);
            return trips[Rounds / 2];
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
