using System.Text;

namespace ErlChat.Load.Drivers;

/// <summary>A client that sends on one connection, without waiting for answers. Use it on the reactor's thread only.</summary>
internal abstract class Talker(Reactor reactor) : IReplySink, IDisposable
{
    protected Connection Connection { get; private set; } = new(reactor);

    internal bool IsOpen => Connection.IsOpen;

    /// <summary>Why the first message that was refused was refused. Null if none was.</summary>
    internal string? Refused { get; private set; }

    internal virtual Task EnterAsync(int port) => ConnectAsync(port);

    /// <summary>Connects, also again after a loss of the connection.</summary>
    internal Task ConnectAsync(int port)
    {
        Connection.Dispose();
        Connection = new Connection(reactor) { Sink = this };
        Refused = null;
        return Connection.ConnectAsync(port);
    }

    /// <summary>Sends the message with this number.</summary>
    internal void Say(int number) => Connection.Send(Frame(Request(Marks.Text(number))));

    public void Received(in Reply reply) => Refused ??= Refusal(reply);

    public void Lost(string why) => Refused ??= why;

    public void Dispose() => Connection.Dispose();

    protected abstract string Request(string text);

    /// <summary>Wraps a request in what the wire needs around it.</summary>
    protected virtual byte[] Frame(string request) => Encoding.ASCII.GetBytes(request);

    protected virtual string? Refusal(in Reply reply) => reply.Status is >= 200 and < 300 ? null : Encoding.UTF8.GetString(reply.Head);
}
