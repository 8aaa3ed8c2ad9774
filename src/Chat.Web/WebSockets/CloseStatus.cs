namespace ErlChat.Web.WebSockets;

/// <summary>The close statuses that this server sends (RFC 6455, section 7.4.1).</summary>
internal static class CloseStatus
{
    internal const ushort Normal = 1000;
    internal const ushort GoingAway = 1001;
    internal const ushort ProtocolError = 1002;
    internal const ushort InvalidText = 1007;
    internal const ushort Policy = 1008;
    internal const ushort TooBig = 1009;
    internal const ushort Bug = 1011;
    internal const ushort TryLater = 1013;

    /// <summary>
    /// Whether a client may send this status. 1004 to 1006 and 1015 must not be sent; 3000 to 4999 are reserved for applications.
    /// </summary>
    internal static bool MayBeSent(ushort status) => status is (>= 1000 and <= 1003) or (>= 1007 and <= 1014) or (>= 3000 and <= 4999);
}
