using System.Net;
using System.Net.Sockets;
using ErlChat.Load.Drivers;
using ErlChat.Load.Net;
using ErlChat.Load.Wire;

namespace ErlChat.Load.Tests;

public class ListenerTests
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);

    // Previously, a connection lost before the first message went unnoticed, and memory was divided by clients that were no longer there.
    [Fact]
    public void A_connection_lost_before_the_first_message_is_remembered() => Reactor.Run(async reactor =>
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        int port = ((IPEndPoint)server.LocalEndpoint).Port;
        using var listener = new Quiet(reactor);
        await listener.ConnectAsync(port).WaitAsync(s_deadline);
        Assert.Null(listener.DropReason);

        (await server.AcceptSocketAsync().WaitAsync(s_deadline)).Dispose();
        await listener.Lost.WaitAsync(s_deadline);
        Assert.NotNull(listener.DropReason);

        await listener.ConnectAsync(port).WaitAsync(s_deadline);
        Assert.Null(listener.DropReason);
        return true;
    });

    private sealed class Quiet(Reactor reactor) : Listener(reactor, number: 0), IReplySink
    {
        private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal new Task Lost => _lost.Task;

        void IReplySink.Lost(string why)
        {
            base.Lost(why);
            _lost.TrySetResult();
        }

        internal override Task EnterAsync() => Task.CompletedTask;

        internal override void Park()
        {
        }

        protected override string? Refusal(in Reply reply) => null;

        protected override void Advance(in Reply reply)
        {
        }
    }
}
