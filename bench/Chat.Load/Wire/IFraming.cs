namespace ErlChat.Load.Wire;

/// <summary>Cuts received bytes into replies.</summary>
internal interface IFraming
{
    /// <summary>Reads one reply from the beginning of <paramref name="input"/>; false when it is not all there yet: call again with more behind the same bytes.</summary>
    /// <param name="consumed">Bytes that belong to the reply.</param>
    /// <exception cref="InvalidDataException">This is not such a reply, and never will be.</exception>
    bool TryRead(ReadOnlySpan<byte> input, out Reply reply, out int consumed);
}
