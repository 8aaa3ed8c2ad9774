using ErlChat.Protocol.Flack;
using ErlChat.Web.WebSockets;

namespace ErlChat.Web.Flack;

/// <summary>Why and how a connection ends.</summary>
/// <param name="Why">The reason in metrics and in the log, from a small fixed set.</param>
/// <param name="Status">The status in the close frame; null for none, which the client sees as 1005.</param>
/// <param name="LastWord">A record to send before the close frame, if any.</param>
/// <param name="IsSilent">Whether nothing is sent, because the client has gone.</param>
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

    /// <summary>An administrator ended the session, or the host may not have one.</summary>
    internal static FlackEnd Removed { get; } = new("removed", CloseStatus.Policy);

    /// <summary>The limit of rooms, in total or per session, is reached.</summary>
    internal static FlackEnd Full { get; } = new("full", CloseStatus.Policy);

    /// <summary>The name looks like that of another user, another chat or the server itself.</summary>
    internal static FlackEnd LooksAlike { get; } = new("looks alike", CloseStatus.Policy);

    /// <summary>The log currently accepts no entries.</summary>
    internal static FlackEnd Unavailable { get; } = new("unavailable", CloseStatus.TryLater);

    internal static FlackEnd Bug { get; } = new("bug", CloseStatus.Bug);

    /// <summary>The client made a protocol error. It is told which, and the close frame has no status.</summary>
    internal static FlackEnd Error(FlackError error) => new("error", null, new ProtocolErrorRecord(error.Code, error.Reason));

    /// <summary>The client closed. Its own status is returned to it.</summary>
    internal static FlackEnd Closed(ushort? status) => new("closed", status);

    /// <summary>The client violated the WebSocket protocol or one of its limits.</summary>
    internal static FlackEnd Fault(ushort status) => new("fault", status);

    /// <summary>The last frames to send.</summary>
    internal byte[] Frames() =>
        LastWord is null ? Frame.Close(Status) : [.. Frame.Text(FlackJson.Encode(LastWord)), .. Frame.Close(Status)];
}
