using ErlChat.Protocol.Flack;
using ErlChat.Web.WebSockets;

namespace ErlChat.Web.Flack;

/// <summary>Why and how a connection ends. The first reason counts.</summary>
/// <param name="Why">For metrics and the log: one of few words.</param>
/// <param name="Status">The close frame's status; null for none, which the peer sees as 1005.</param>
/// <param name="LastWord">A record before the close.</param>
/// <param name="IsSilent">Nobody is there to be told.</param>
internal sealed record FlackEnd(string Why, ushort? Status, FlackRecord? LastWord = null, bool IsSilent = false)
{
    /// <summary>The connection broke.</summary>
    internal static FlackEnd Lost { get; } = new("lost", null, IsSilent: true);

    internal static FlackEnd Goodbye { get; } = new("goodbye", null, new ServerGoodbyeRecord());

    internal static FlackEnd Idle { get; } = new("idle", CloseStatus.Normal);

    internal static FlackEnd Stopping { get; } = new("stopping", CloseStatus.GoingAway);

    /// <summary>The client reads too slowly.</summary>
    internal static FlackEnd Slow { get; } = new("slow", CloseStatus.Policy);

    /// <summary>The client sends too fast.</summary>
    internal static FlackEnd Flood { get; } = new("flood", CloseStatus.Policy);

    /// <summary>The client has not authenticated in time.</summary>
    internal static FlackEnd Late { get; } = new("late", CloseStatus.Policy);

    /// <summary>An administrator ended the session, or the host may have none.</summary>
    internal static FlackEnd Removed { get; } = new("removed", CloseStatus.Policy);

    /// <summary>A bound of the chat is reached: rooms of a session, rooms.</summary>
    internal static FlackEnd Full { get; } = new("full", CloseStatus.Policy);

    /// <summary>The name looks like that of somebody else, of another chat, or of the server itself.</summary>
    internal static FlackEnd LooksAlike { get; } = new("looks alike", CloseStatus.Policy);

    /// <summary>The log takes nothing now.</summary>
    internal static FlackEnd Unavailable { get; } = new("unavailable", CloseStatus.TryLater);

    internal static FlackEnd Bug { get; } = new("bug", CloseStatus.Bug);

    /// <summary>The client is told what was wrong, and the close has no status.</summary>
    internal static FlackEnd Error(FlackError error) => new("error", null, new ProtocolErrorRecord(error.Code, error.Reason));

    /// <summary>The client closed, and gets its own status back.</summary>
    internal static FlackEnd Closed(ushort? status) => new("closed", status);

    /// <summary>The client broke the WebSocket protocol, or a bound of it.</summary>
    internal static FlackEnd Fault(ushort status) => new("fault", status);

    /// <summary>The last frames.</summary>
    internal byte[] Frames() => LastWord is null ? Frame.Close(Status) : [.. Frame.Text(FlackJson.Encode(LastWord)), .. Frame.Close(Status)];
}
