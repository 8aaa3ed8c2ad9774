using System.Runtime.InteropServices;

namespace ErlChat.Load.Net;

/// <summary>
/// A TCP connection that chooses its source address. Use it on the reactor's thread only. It keeps bytes only while a part of a reply or a
/// request is waiting.
/// </summary>
internal sealed unsafe class Connection(Reactor reactor) : IDisposable
{
    /// <summary>
    /// A loopback address has 28 000 ports to connect from, and servers count sessions per address. So connections are spread over several
    /// addresses.
    /// </summary>
    private const int SourceAddresses = 50;

    private static int s_next;

    private int _file = -1;
    private byte[] _unread = [];
    private byte[] _unsent = [];
    private TaskCompletionSource? _connecting;
    private TaskCompletionSource<Answer>? _asked;

    internal Reactor Reactor => reactor;

    /// <summary>How bytes are parsed into replies. HTTP by default.</summary>
    internal IFraming Framing { get; set; } = reactor.Http;

    /// <summary>Receives replies that no caller awaits.</summary>
    internal IReplySink? Sink { get; set; }

    internal bool IsOpen => _file >= 0;

    /// <summary>Connects to 127.0.0.1.</summary>
    internal Task ConnectAsync(int port)
    {
        _file = Reactor.Check(Native.Socket(Native.AfInet, Native.SockStream | Native.NonBlock | Native.CloseOnExec, 0));
        int on = 1;
        Reactor.Check(Native.SetOption(_file, Native.IpProtoTcp, Native.TcpNoDelay, &on, sizeof(int)));
        byte* address = stackalloc byte[16];
        Write(address, 2 + s_next++ % SourceAddresses, 0);
        Reactor.Check(Native.Bind(_file, address, 16));
        Write(address, 1, port);
        if (Native.Connect(_file, address, 16) == 0)
        {
            reactor.Add(this, _file, writing: false);
            return Task.CompletedTask;
        }

        if (Marshal.GetLastPInvokeError() is not Native.InProgress and var error)
        {
            Dispose();
            return Task.FromException(Refused(error));
        }

        _connecting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        reactor.Add(this, _file, writing: true);
        return _connecting.Task;
    }

    /// <summary>Sends a request and awaits its reply. Only one at a time.</summary>
    internal Task<Answer> AskAsync(ReadOnlySpan<byte> request)
    {
        _asked = new TaskCompletionSource<Answer>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<Answer> answer = _asked.Task;
        Send(request);
        return answer;
    }

    /// <summary>Sends at once as much as the kernel accepts, and the rest when it accepts more.</summary>
    internal void Send(ReadOnlySpan<byte> request)
    {
        if (_file < 0)
            return;
        int sent = _unsent.Length > 0 ? 0 : TrySend(request);
        if (sent == request.Length || _file < 0)
            return;
        if (_unsent.Length == 0)
            reactor.Modify(_file, writing: true);
        _unsent = [.. _unsent, .. request[sent..]];
    }

    /// <summary>Handles the events that epoll reported.</summary>
    internal void Happened(bool writable, bool readable)
    {
        if (_connecting is { } connecting)
        {
            _connecting = null;
            Connected(connecting);
            return;
        }

        if (writable && _unsent.Length > 0)
            _unsent = _unsent[TrySend(_unsent)..];
        if (writable && _unsent.Length == 0 && _file >= 0)
            reactor.Modify(_file, writing: false);
        if (readable && _file >= 0)
            Receive();
    }

    public void Dispose()
    {
        if (_file < 0)
            return;
        reactor.Remove(_file);
        _ = Native.Close(_file);
        _file = -1;
        _unread = [];
        _unsent = [];
    }

    private void Connected(TaskCompletionSource connecting)
    {
        int error = 0, length = sizeof(int);
        Reactor.Check(Native.GetOption(_file, 1, 4, &error, &length));
        if (error == 0)
        {
            reactor.Modify(_file, writing: false);
            connecting.SetResult();
        }
        else
        {
            Dispose();
            connecting.SetException(Refused(error));
        }
    }

    private void Receive()
    {
        byte[] buffer = reactor.ReceiveBuffer;
        int kept = _unread.Length;
        if (kept > buffer.Length / 2)
        {
            Lose($"an answer of more than {buffer.Length / 2} bytes");
            return;
        }

        _unread.CopyTo(buffer, 0);
        _unread = [];
        nint count;
        fixed (byte* start = buffer)
            count = Native.Receive(_file, start + kept, buffer.Length - kept, 0);
        if (count > 0)
            Read(buffer.AsSpan(0, kept + (int)count));
        else if (count == 0)
            Lose("the server closed the connection");
        else if (Marshal.GetLastPInvokeError() is not (Native.Again or Native.Interrupted) and var error)
            Lose($"the connection broke (errno {error})");
    }

    private void Read(ReadOnlySpan<byte> input)
    {
        try
        {
            while (input.Length > 0 && Framing.TryRead(input, out Reply reply, out int consumed))
            {
                input = input[consumed..];
                Take(reply);
                if (_file < 0)
                    return;
            }

            if (input.Length > 0)
                _unread = input.ToArray();
        }
        catch (InvalidDataException e)
        {
            Lose(e.Message);
        }
    }

    private void Take(in Reply reply)
    {
        if (_asked is { } asked)
        {
            _asked = null;
            asked.SetResult(new Answer(reply));
        }
        else
        {
            Sink?.Received(reply);
        }
    }

    private void Lose(string why)
    {
        Dispose();
        if (_asked is { } asked)
        {
            _asked = null;
            asked.SetException(new IOException(why));
        }
        else
        {
            Sink?.Lost(why);
        }
    }

    private int TrySend(ReadOnlySpan<byte> bytes)
    {
        nint sent;
        fixed (byte* start = bytes)
            sent = Native.Send(_file, start, bytes.Length, Native.MsgNoSignal);
        if (sent >= 0)
            return (int)sent;
        if (Marshal.GetLastPInvokeError() is Native.Again or Native.Interrupted)
            return 0;

        // The reason comes with the next read.
        return bytes.Length;
    }

    private static IOException Refused(int error) => new($"no connection (errno {error})");

    private static void Write(byte* address, int lastByte, int port)
    {
        new Span<byte>(address, 16).Clear();
        *(short*)address = Native.AfInet;
        address[2] = (byte)(port >> 8);
        address[3] = (byte)port;
        address[4] = 127;
        address[7] = (byte)lastByte;
    }
}
