namespace ErlChat.Web.Peer;

/// <summary>What the peer port logs: who and how much, never what.</summary>
internal static partial class PeerLog
{
    [LoggerMessage(500, LogLevel.Information, "Listening for peers on {EndPoint}", EventName = "PeerListening")]
    internal static partial void Listening(ILogger logger, string endPoint);

    [LoggerMessage(501, LogLevel.Information, "Peer {Peer} connecting", EventName = "PeerConnecting")]
    internal static partial void Connecting(ILogger logger, string peer);

    [LoggerMessage(502, LogLevel.Information, "Received new message from peer {Peer}: {Size} bytes. Echoing it back",
        EventName = "PeerReceived")]
    internal static partial void Received(ILogger logger, string peer, long size);

    [LoggerMessage(503, LogLevel.Information, "Peer {Peer} disconnected", EventName = "PeerDisconnected")]
    internal static partial void Disconnected(ILogger logger, string peer);

    [LoggerMessage(504, LogLevel.Information, "Error with peer {Peer}: {Reason}", EventName = "PeerFailed")]
    internal static partial void Failed(ILogger logger, string peer, string reason);

    [LoggerMessage(505, LogLevel.Information, "Peer {Peer} was silent for too long", EventName = "PeerIdle")]
    internal static partial void Idle(ILogger logger, string peer);

    [LoggerMessage(506, LogLevel.Warning, "Refused peer {Peer}: {Count} are connected already. Further refusals are counted",
        EventName = "PeerTurnedAway")]
    internal static partial void TurnedAway(ILogger logger, string peer, int count);

    [LoggerMessage(513, LogLevel.Information, "{Count} lines about peers were left out", EventName = "PeerLinesLeftOut")]
    internal static partial void LeftOut(ILogger logger, long count);

    [LoggerMessage(
        507,
        LogLevel.Warning,
        "The default peer port {EndPoint} is taken, so the server runs without it. Choose another with Peer:Port; 0 turns it off",
        EventName = "PeerPortTaken")]
    internal static partial void PortTaken(ILogger logger, string endPoint);

    [LoggerMessage(508, LogLevel.Error, "Accepting peers failed; the server retries every second. Further failures are counted",
        EventName = "PeerAcceptFailed")]
    internal static partial void AcceptFailed(ILogger logger, Exception exception);

    [LoggerMessage(509, LogLevel.Error, "Handling peer {Peer} failed. Further failures are counted", EventName = "PeerHandlerFailed")]
    internal static partial void HandlerFailed(ILogger logger, string peer, Exception exception);

    [LoggerMessage(510, LogLevel.Warning, "There is room for peers again: {Count} were refused within {Seconds:F1} s.",
        EventName = "PeerTurnedAwayOver")]
    internal static partial void TurnedAwayOver(ILogger logger, long count, double seconds);

    [LoggerMessage(511, LogLevel.Warning, "Peers are accepted again: this failed {Count} times within {Seconds:F1} s",
        EventName = "PeerAcceptFailedOver")]
    internal static partial void AcceptFailedOver(ILogger logger, long count, double seconds);

    [LoggerMessage(512, LogLevel.Warning, "Peer handling has recovered: {Count} failures in {Seconds:F1} s.",
        EventName = "PeerHandlerFailedOver")]
    internal static partial void HandlerFailedOver(ILogger logger, long count, double seconds);
}
