namespace ErlChat.Load.Wire;

/// <summary>One reply, as slices of the received bytes. Valid only while it is being handled.</summary>
internal readonly ref struct Reply
{
    /// <summary>The HTTP status. 0 for a frame, which has none.</summary>
    internal int Status { get; init; }

    /// <summary>Status line and headers, each with its line end.</summary>
    internal ReadOnlySpan<byte> Head { get; init; }

    internal ReadOnlySpan<byte> Body { get; init; }
}
