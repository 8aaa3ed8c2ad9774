using System.Diagnostics;
using System.Net.Sockets;
using ErlChat.Web.Listening;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Tests.Listening;

/// <summary>What stands where the server's Unix socket is to be is taken away only if it is a socket that nobody listens on.</summary>
public sealed class UnixSocketTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("erlchat");

    private string Place => Path.Combine(_folder.FullName, "chat.sock");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_socket_that_was_left_behind_is_taken_away()
    {
        string first = Path.Combine(_folder.FullName, "first.sock");
        using (var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            // .NET takes away its own when it is closed, but not under another name.
            socket.Bind(new UnixDomainSocketEndPoint(first));
            File.Move(first, Place);
        }

        Assert.True(File.Exists(Place));
        await BindAsync();
    }

    // Whether it is a socket was found out by opening it, and a pipe opens when somebody opens its other end: never.
    [Fact]
    public async Task A_pipe_is_left_alone_and_stops_the_start_with_a_sentence()
    {
        using (var made = Process.Start("mkfifo", [Place]))
            await made.WaitForExitAsync().WithinAsync();
        await AssertInTheWayAsync();
    }

    [Fact]
    public async Task So_is_a_file_that_another_program_has_locked()
    {
        await using (new FileStream(Place, FileMode.Create, FileAccess.Write, FileShare.None))
            await AssertInTheWayAsync();
    }

    private async Task AssertInTheWayAsync()
    {
        Exception failed = await Assert.ThrowsAsync<AddressInUseException>(() => Task.Run(BindAsync).WithinAsync());
        Assert.Contains("address already in use", failed.Message, StringComparison.OrdinalIgnoreCase);
        Assert.True(File.Exists(Place));
    }

    private async Task BindAsync()
    {
        using var pace = new AcceptPace(TimeProvider.System, NullLogger<AcceptPace>.Instance);
        var factory = new ListenerFactory(Options.Create(new SocketTransportOptions()), pace, NullLoggerFactory.Instance);
        await using IConnectionListener listener = await factory.BindAsync(new UnixDomainSocketEndPoint(Place));
    }
}
