using System.Diagnostics;
using System.Net.Sockets;
using ErlChat.Web.Listening;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Tests.Listening;

/// <summary>A file at the path of the server's Unix socket is removed only if it is a socket that no process listens on.</summary>
public sealed class UnixSocketTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("erlchat");

    private string Place => Path.Combine(_folder.FullName, "chat.sock");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_socket_that_was_left_behind_is_removed()
    {
        string first = Path.Combine(_folder.FullName, "first.sock");
        using (var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            // .NET removes its socket file when the socket is closed, but not after the file has been renamed.
            socket.Bind(new UnixDomainSocketEndPoint(first));
            File.Move(first, Place);
        }

        Assert.True(File.Exists(Place));
        await BindAsync();
    }

    // Previously, the server found out whether the file is a socket by opening it. Opening a pipe blocks until its other end is opened,
    // which may never happen.
    [Fact]
    public async Task A_pipe_is_left_alone_and_stops_the_start_with_a_sentence()
    {
        using (var made = Process.Start("mkfifo", [Place]))
            await made.WaitForExitAsync().WithinAsync();
        await AssertInTheWayAsync();
    }

    [Fact]
    public async Task A_file_that_another_program_has_locked_is_left_alone_too()
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
