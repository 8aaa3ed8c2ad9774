using System.Runtime.InteropServices;

namespace ErlChat.Load.Net;

/// <summary>
/// The system calls of the load client. What <see cref="System.Net.Sockets.Socket"/> does for a connection costs more CPU than the servers
/// under measurement use.
/// </summary>
internal static unsafe partial class Native
{
    internal const int AfInet = 2;
    internal const int SockStream = 1;
    internal const int NonBlock = 0x800;
    internal const int CloseOnExec = 0x80000;
    internal const int IpProtoTcp = 6;
    internal const int TcpNoDelay = 1;
    internal const int MsgNoSignal = 0x4000;
    internal const int EpollIn = 1;
    internal const int EpollOut = 4;
    internal const int EpollAdd = 1;
    internal const int EpollModify = 3;
    internal const int OwnCpuClock = 2;
    internal const int Again = 11;
    internal const int InProgress = 115;
    internal const int Interrupted = 4;

    /// <summary><c>struct epoll_event</c> is packed on x64 only.</summary>
    internal static readonly int EventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    /// <summary>The offset of the data in a <c>struct epoll_event</c>.</summary>
    internal static readonly int EventData = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    internal static partial int Socket(int domain, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    internal static partial int Bind(int socket, byte* address, int length);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    internal static partial int Connect(int socket, byte* address, int length);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    internal static partial int SetOption(int socket, int level, int name, int* value, int length);

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    internal static partial int GetOption(int socket, int level, int name, int* value, int* length);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    internal static partial nint Receive(int socket, byte* buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    internal static partial nint Send(int socket, byte* buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    internal static partial int Close(int socket);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    internal static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    internal static partial int EpollControl(int epoll, int operation, int socket, byte* what);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    internal static partial int EpollWait(int epoll, byte* events, int most, int milliseconds);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    internal static partial int EventFd(uint count, int flags);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    internal static partial nint Write(int file, byte* buffer, nint length);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    internal static partial nint Read(int file, byte* buffer, nint length);

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    internal static partial int ClockGetTime(int clock, long* time);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    internal static partial int Kill(int process, int signal);
}
