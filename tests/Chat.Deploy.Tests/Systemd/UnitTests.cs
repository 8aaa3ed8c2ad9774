using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;

namespace ErlChat.Deploy.Systemd;

/// <summary>The server as a systemd service.</summary>
public sealed class UnitTests(Site site, ITestOutputHelper output)
{
    private static readonly string s_unit = Repository.PathOf("deploy", "systemd", "erlchat.service");

    /// <summary>Type=notify: a service that sends no notification is ended after its time-out, although it works.</summary>
    [Fact]
    public async Task The_published_server_notifies_systemd_of_its_start_its_life_and_its_stop()
    {
        string address = Path.Combine(site.Folder, "notify");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(address));
        var heard = new ConcurrentQueue<string>();
        using var end = new CancellationTokenSource();
        Task listening = ListenAsync(socket, heard, end.Token);

        string program = Path.Combine(await site.PublishedAsync(), "Chat.Web");
        await using Running server = Running.Start(
            [program, "--urls", $"http://127.0.0.1:{Ports.Free()}", "--Peer:Port=0", "--Log:Kind=Memory"],
            null,
            ("NOTIFY_SOCKET", address),
            ("WATCHDOG_USEC", "400000"));
        await server.UntilAsync(() => Task.FromResult(heard.Contains("READY=1")), "READY=1");
        await server.UntilAsync(() => Task.FromResult(heard.Count(one => one == "WATCHDOG=1") >= 5), "WATCHDOG=1, again and again");
        Assert.DoesNotContain("STOPPING=1", heard);
        Assert.Equal(0, await server.StopAsync());
        Assert.Equal(1, heard.Count(one => one == "READY=1"));
        Assert.Contains("STOPPING=1", heard);
        await end.CancelAsync();
        await listening;
    }

    [Fact]
    public async Task Systemd_accepts_the_unit()
    {
        // systemd checks whether the program exists.
        string unit = Path.Combine(Directory.CreateDirectory(Path.Combine(site.Folder, "units")).FullName, "erlchat.service");
        string text = await File.ReadAllTextAsync(s_unit);
        await File.WriteAllTextAsync(unit, text.Replace("/usr/lib/erlchat/Chat.Web", "/bin/true", StringComparison.Ordinal));
        (int code, string said) = await Shell.TryAsync("systemd-analyze", ["verify", "--man=no", unit]);
        Assert.True(code == 0 && !said.Contains("erlchat.service", StringComparison.Ordinal), said);
    }

    /// <summary>10 is a service that may do everything, 0 is one that may do nothing.</summary>
    [Fact]
    public async Task The_unit_leaves_the_server_few_privileges()
    {
        (int code, string said) = await Shell.TryAsync(
            "systemd-analyze", ["security", "--offline=true", "--no-pager", "--threshold=25", s_unit]);
        output.WriteLine(said.Split('\n').Last(line => line.Contains("Overall", StringComparison.Ordinal)));
        Assert.True(code == 0, said);
    }

    private static async Task ListenAsync(Socket socket, ConcurrentQueue<string> heard, CancellationToken end)
    {
        byte[] buffer = new byte[4096];
        try
        {
            while (true)
            {
                int length = await socket.ReceiveAsync(buffer, SocketFlags.None, end);
                foreach (string line in Encoding.UTF8.GetString(buffer, 0, length).Split('\n', StringSplitOptions.RemoveEmptyEntries))
                    heard.Enqueue(line);
            }
        }
        catch (OperationCanceledException)
        {
            // The test has received enough.
        }
    }
}
