using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ErlChat.Tests;

/// <summary>More connections than a process may have.</summary>
public sealed class DescriptorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("erlchat-files-").FullName;

    private string Database => Path.Combine(_folder, "chat.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // With ulimit -n 1024 the process ended at some 1 000 connections: "Out of memory", SIGABRT.
    [Fact]
    public async Task With_few_descriptors_the_surplus_is_refused_and_the_cause_is_one_line()
    {
        (ServerProcess server, Uri address) = await ServerProcess.Launch(Database, 1024, "--Limits:Connections:Address=0",
            "--Limits:Probes:Address:Count=0", "--Limits:Probes:Server:Count=0").ListeningAsync();
        await using (server)
        {
            using RawClient alice = await RawClient.ConnectAsync(address.Port);
            long cursor = await alice.LoginAsync("alice");
            int refused = await FillAsync(address.Port, 1200, async () =>
            {
                // Who was there is served, and the log is written, while all places are taken.
                await alice.SayAsync("still here");
                Assert.Contains("\"status\":\"ok\"", (await alice.ReadAsync())!.Body, StringComparison.Ordinal);
                await alice.PollAsync(cursor);
                Assert.Contains("still here", (await alice.ReadAsync())!.Body, StringComparison.Ordinal);
            });
            Assert.InRange(refused, 1200 - 1024, 1200 - 300);
            Assert.False(server.HasExited);
            Assert.Single(server.Output, line => line.Contains("ulimit -n", StringComparison.Ordinal));
            Assert.Single(
                server.Output, line => line.Contains("limit Connections per Server has begun to refuse", StringComparison.Ordinal));
            Assert.Equal(0, await server.StopAsync());
            Assert.Empty(server.Errors);
        }
    }

    /// <summary>Opens connections that each ask for something, and keeps them; how many were not answered with success.</summary>
    private static async Task<int> FillAsync(int port, int count, Func<Task> whenFull)
    {
        var open = new List<Socket>();
        try
        {
            int refused = 0;
            byte[] request = "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n"u8.ToArray();
            byte[] answer = new byte[512];
            for (int i = 0; i < count; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                try
                {
                    await socket.ConnectAsync(IPAddress.Loopback, port).WithinAsync(what: $"connect {i}");
                    await socket.SendAsync(request).WithinAsync(what: $"send {i}");
                    int length = await socket.ReceiveAsync(answer.AsMemory()).AsTask().WithinAsync(what: $"receive {i}");
                    string text = Encoding.ASCII.GetString(answer, 0, length);
                    if (text.StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
                        open.Add(socket);
                    else
                        refused++;
                }
                catch (SocketException)
                {
                    refused++;
                }
            }

            await whenFull();
            return refused;
        }
        finally
        {
            foreach (Socket socket in open)
                socket.Dispose();
        }
    }
}
