namespace ErlChat.Web.WebSockets;

/// <summary>What came in.</summary>
internal enum ReceivedKind
{
    /// <summary>A whole text message, well-formed UTF-8.</summary>
    Text,

    /// <summary>A whole binary message.</summary>
    Binary,

    /// <summary>A ping; answer it with its payload.</summary>
    Ping,

    /// <summary>The peer closes; with a status or without.</summary>
    Close,

    /// <summary>The peer broke the protocol or a bound; close with the status. Nothing more can be read.</summary>
    Fault,

    /// <summary>The connection ended without a close.</summary>
    End,
}

/// <param name="Payload">The message, or a ping's payload; valid until the next read.</param>
/// <param name="Status">Of <see cref="ReceivedKind.Close"/> and <see cref="ReceivedKind.Fault"/>.</param>
internal readonly record struct Received(ReceivedKind Kind, ReadOnlyMemory<byte> Payload = default, ushort? Status = null)
{
    internal static Received Fault(ushort status) => new(ReceivedKind.Fault, default, status);
}
