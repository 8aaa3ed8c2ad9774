namespace ErlChat.Web.WebSockets;

/// <summary>The kinds of input from a client.</summary>
internal enum ReceivedKind
{
    /// <summary>A complete text message, in valid UTF-8.</summary>
    Text,

    /// <summary>A complete binary message.</summary>
    Binary,

    /// <summary>A ping. Answer it with its payload.</summary>
    Ping,

    /// <summary>The client closes, with or without a status.</summary>
    Close,

    /// <summary>The client violated the protocol or a limit. Close with the status; nothing more can be read.</summary>
    Fault,

    /// <summary>The connection ended without a close.</summary>
    End,
}

/// <param name="Payload">The message, or a ping's payload. Valid until the next read.</param>
/// <param name="Status">
/// The status of a <see cref="ReceivedKind.Close"/> or <see cref="ReceivedKind.Fault"/>; null if there is none.
/// </param>
internal readonly record struct Received(ReceivedKind Kind, ReadOnlyMemory<byte> Payload = default, ushort? Status = null)
{
    internal static Received Fault(ushort status) => new(ReceivedKind.Fault, default, status);
}
