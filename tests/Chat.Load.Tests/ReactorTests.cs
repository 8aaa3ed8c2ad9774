using System.Net;
using System.Net.Sockets;
using ErlChat.Load.Net;
using ErlChat.Load.Wire;

namespace ErlChat.Load.Tests;

public class ReactorTests
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);

    [Fact]
    public void A_reply_in_two_packets_is_one_answer() => Reactor.Run(async reactor =>
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var connection = new Connection(reactor);
        await connection.ConnectAsync(((IPEndPoint)listener.LocalEndpoint).Port).WaitAsync(s_deadline);
        using Socket server = await listener.AcceptSocketAsync().WaitAsync(s_deadline);

        Task<Answer> asked = connection.AskAsync("GET / HTTP/1.1\r\n\r\n"u8);
        await server.ReceiveAsync(new byte[100]).WaitAsync(s_deadline);
        await server.SendAsync(Replies.Bytes("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe"));
        await reactor.DelayAsync(TimeSpan.FromMilliseconds(50));
        Assert.False(asked.IsCompleted);
        await server.SendAsync(Replies.Bytes("llo"));
        Assert.Equal("hello", (await asked.WaitAsync(s_deadline)).Text);
        return true;
    });

    [Fact]
    public void A_closed_connection_fails_the_pending_request() => Reactor.Run(async reactor =>
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var connection = new Connection(reactor);
        await connection.ConnectAsync(((IPEndPoint)listener.LocalEndpoint).Port).WaitAsync(s_deadline);
        Task<Answer> asked = connection.AskAsync("GET / HTTP/1.1\r\n\r\n"u8);
        (await listener.AcceptSocketAsync().WaitAsync(s_deadline)).Dispose();
        await Assert.ThrowsAsync<IOException>(() => asked.WaitAsync(s_deadline));
        Assert.False(connection.IsOpen);
        return true;
    });

    [Fact]
    public void A_port_that_nobody_listens_on_is_an_error_at_once() => Reactor.Run(async reactor =>
    {
        using var connection = new Connection(reactor);
        await Assert.ThrowsAsync<IOException>(() => connection.ConnectAsync(1).WaitAsync(s_deadline));
        return true;
    });

    [Fact]
    public void Callbacks_posted_from_other_threads_run_on_the_reactors_thread() => Reactor.Run(async reactor =>
    {
        int thread = Environment.CurrentManagedThreadId;
        await Task.Run(() => { });
        Assert.Equal(thread, Environment.CurrentManagedThreadId);
        return true;
    });
}
